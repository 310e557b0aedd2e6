/// A number and what it counts.
enum CountText {
    /// `1 job`, `2 jobs`. - Parameter noun: one whose plural ends in `s`.
    static func text(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
