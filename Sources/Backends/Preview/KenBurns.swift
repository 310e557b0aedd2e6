import JobCore

/// A slow pan and zoom over one still picture.
struct KenBurns: Sendable, Equatable {
    let plan: FilmPlan
    let image: CheckedImage
    let palette: PreviewPalette
    let seed: Int
    let scratch: String

    /// Everything after the program's name.
    var arguments: [String] {
        FilmOutput.opening + image.inputArguments + [
            "-f", "lavfi", "-i", FilmOutput.sound(plan: plan, tones: palette.tones),
        ] + FilmComment.input(scratch: scratch) + [
            "-filter_complex", pictureChain + ";" + FilmOutput.soundChain(index: 1, plan: plan),
        ] + FilmOutput.arguments(plan: plan, commentIndex: 2, scratch: scratch)
    }

    /// zoompan moves by whole pixels; on a picture four times larger that is too fine to be seen as a jitter.
    private var factor: Double { max(1, min(4, 7680 / Double(max(plan.size.width, plan.size.height)))) }

    private var pictureChain: String {
        func side(_ length: Int) -> Int { Int(Double(length) * factor / 2) * 2 }
        let (width, height) = (side(plan.size.width), side(plan.size.height))
        return "[0:v]format=rgb24,scale=\(width):\(height):force_original_aspect_ratio=increase:flags=bicubic"
            + ",crop=\(width):\(height),setsar=1,format=yuv444p"
            + ",zoompan=\(motion):d=\(plan.frameCount):s=\(plan.size):fps=\(plan.rate)"
            + ",\(FilmOutput.finish(plan: plan))[v]"
    }

    /// In or out, and towards one of nine points; the seed decides.
    private var motion: String {
        var random = SplitMix(seed: StableHash.of("pan|\(seed)"))
        let last = max(1, plan.frameCount - 1)
        let zoomsIn = random.next() % 3 != 0
        let x = DecimalText.short(0.3 + 0.4 * random.unit())
        let y = DecimalText.short(0.3 + 0.4 * random.unit())
        // Smoothstep: the camera starts and stops softly.
        let position = "on/\(last)"
        let eased = "(\(position))*(\(position))*(3-2*(\(position)))"
        let zoom = zoomsIn ? "1.02+0.16*\(eased)" : "1.18-0.16*\(eased)"
        return "z='\(zoom)':x='(iw-iw/zoom)*\(x)':y='(ih-ih/zoom)*\(y)'"
    }
}
