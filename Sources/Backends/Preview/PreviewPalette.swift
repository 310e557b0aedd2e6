import JobCore

/// Colours, motion and sound of one preview, all from seed and prompt: the same film for the same wish.
struct PreviewPalette: Sendable, Equatable {
    /// Four colours of the wide gradient and three of the veil over it, as ffmpeg writes them: `0x1b1450`.
    let base: [String], veil: [String]
    /// Seeds of the gradients and of the cells.
    let baseSeed: UInt32, veilSeed: UInt32, cellSeed: UInt32, grainSeed: UInt32
    /// Frequencies of the three quiet tones, in hertz.
    let tones: [Double]

    init(seed: Int, prompt: String) {
        var random = SplitMix(seed: StableHash.of("\(seed)|\(prompt)"))
        let hue = random.unit() * 360
        // Neighbours on the wheel, and one accent from the other side: colourful, never a rainbow.
        let side = random.unit() < 0.5 ? 1.0 : -1.0
        let accent = hue + side * (140 + random.unit() * 50)
        base = [
            Self.color(hue: hue, saturation: 0.62, lightness: 0.13),
            Self.color(hue: hue + side * 28, saturation: 0.66, lightness: 0.30),
            Self.color(hue: hue + side * 62, saturation: 0.60, lightness: 0.44),
            Self.color(hue: accent, saturation: 0.62, lightness: 0.46),
        ]
        veil = [
            Self.color(hue: hue, saturation: 0.50, lightness: 0.06),
            Self.color(hue: accent - side * 30, saturation: 0.62, lightness: 0.40),
            Self.color(hue: hue - side * 35, saturation: 0.55, lightness: 0.16),
        ]
        baseSeed = UInt32(truncatingIfNeeded: random.next())
        veilSeed = UInt32(truncatingIfNeeded: random.next())
        cellSeed = UInt32(truncatingIfNeeded: random.next())
        grainSeed = UInt32(truncatingIfNeeded: random.next() >> 33)
        // A root between A2 and A3, its fifth and its octave's third: consonant for every seed.
        let root = 110 * [1, 1.125, 1.25, 1.3333, 1.5, 1.6667][Int(random.next() % 6)]
        tones = [root, root * 1.5, root * 2.5]
    }

    /// `0xRRGGBB` of a colour; the hue in degrees, any turn, on a wheel without its greens: light is rarely green.
    private static func color(hue wish: Double, saturation: Double, lightness: Double) -> String {
        let part = (wish / 360).truncatingRemainder(dividingBy: 1)
        let hue = 172 + (part < 0 ? part + 1 : part) * 235
        let chroma = (1 - abs(2 * lightness - 1)) * saturation
        func channel(_ offset: Double) -> String {
            let turn = (hue + offset).truncatingRemainder(dividingBy: 360)
            let sector = (turn < 0 ? turn + 360 : turn) / 60
            let share = min(max(abs(sector - 3) - 1, 0), 1)
            let value = Int(((lightness - chroma / 2 + chroma * share) * 255).rounded())
            let text = String(min(max(value, 0), 255), radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return "0x" + channel(0) + channel(-120) + channel(120)
    }
}
