import JobCore

/// A film for a prompt, drawn by ffmpeg alone: slow light, soft cells, a little grain, and the words over it.
struct PreviewFilm: Sendable, Equatable {
    let plan: FilmPlan
    let palette: PreviewPalette
    let scratch: String

    /// Everything after the program's name.
    var arguments: [String] {
        FilmOutput.opening + [
            "-f", "lavfi", "-i", gradient(palette.base, palette.baseSeed, type: "linear", speed: 0.010),
            "-f", "lavfi", "-i", gradient(palette.veil, palette.veilSeed, type: "radial", speed: 0.008),
            "-f", "lavfi", "-i", cells,
            "-f", "lavfi", "-i", FilmOutput.sound(plan: plan, tones: palette.tones),
        ] + FilmComment.input(scratch: scratch) + [
            "-filter_complex", pictureChain + ";" + FilmOutput.soundChain(index: 3, plan: plan),
        ] + FilmOutput.arguments(plan: plan, commentIndex: 4, scratch: scratch)
    }

    /// The light is drawn small and scaled up: it has no edges to lose, and costs a third.
    private var small: FrameSize {
        let factor = min(0.5, 480 / Double(max(plan.size.width, plan.size.height)))
        func side(_ length: Int) -> Int { max(16, Int(Double(length) * factor)) }
        return FrameSize(width: side(plan.size.width), height: side(plan.size.height)) ?? plan.size
    }

    private func gradient(_ colors: [String], _ seed: UInt32, type: String, speed: Double) -> String {
        let list = colors.enumerated().map { "c\($0.offset)=\($0.element)" }.joined(separator: ":")
        return "gradients=s=\(small):r=\(plan.rate):n=\(colors.count):\(list):seed=\(seed)"
            + ":speed=\(DecimalText.short(speed)):type=\(type)"
    }

    /// Conway's life, at most ten generations a second: faster is restless.
    private var cells: String {
        let (width, height) = (max(8, small.width / 6), max(8, small.height / 6))
        return "life=s=\(width)x\(height):r=8:seed=\(palette.cellSeed):ratio=0.09:mold=40:life_color=white"
            + ":death_color=black:mold_color=0x404040"
    }

    private var pictureChain: String {
        let sigma = DecimalText.short(max(1, Double(max(small.width, small.height)) / 95))
        return "[2:v]scale=\(small.width):\(small.height):flags=bicubic,gblur=sigma=\(sigma),framerate=fps=\(plan.rate)"
            + ",format=gbrp[cells];"
            + "[0:v]format=gbrp[base];[1:v]format=gbrp[veil];"
            + "[base][veil]blend=all_mode=screen:all_opacity=0.55[light];"
            + "[light][cells]blend=all_mode=screen:all_opacity=0.30"
            + ",scale=\(plan.size.width):\(plan.size.height):flags=bicubic,setsar=1,vignette=PI/4.6"
            + ",noise=all_seed=\(palette.grainSeed):alls=3:allf=t,\(FilmOutput.finish(plan: plan))[v]"
    }
}
