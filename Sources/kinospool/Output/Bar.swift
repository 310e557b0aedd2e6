/// A progress bar of fixed width.
enum Bar {
    /// `━━━━━━━╌╌╌╌╌  62 %`, or `#######-----  62 %` where only ASCII is shown.
    static func text(percent: Int, width: Int, isUnicode: Bool) -> String {
        let share = min(max(percent, 0), 100)
        let full = width * share / 100
        let (on, off) = isUnicode ? ("━", "╌") : ("#", "-")
        let number = String(share)
        return String(repeating: on, count: full) + String(repeating: off, count: width - full)
            + String(repeating: " ", count: 4 - number.count) + number + " %"
    }
}
