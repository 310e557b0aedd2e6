/// Sizes for people, in powers of ten as disks are sold.
enum ByteText {
    /// `4 B`, `18 MB`, `1.4 GB`.
    static func text(_ bytes: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(max(0, bytes))
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        let number = unit > 0 && value < 10 && tenths != tenths.rounded() ? "\(tenths)" : "\(Int64(value.rounded()))"
        return "\(number) \(units[unit])"
    }
}
