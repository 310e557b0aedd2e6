/// Finds the name that somebody most likely meant.
public enum NearestName {
    /// The candidate with the fewest typing errors, regardless of case; nil when none is near enough to suggest.
    ///
    /// Near enough: at most one error per three characters of the candidate, and a swap of neighbours is one error.
    public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let typed = Array(name.lowercased().utf8.prefix(128))
        var nearest: (name: String, distance: Int)?
        for candidate in candidates {
            let wanted = Array(candidate.lowercased().utf8)
            let distance = distance(typed, wanted)
            guard distance <= max(1, wanted.count / 3), distance < nearest?.distance ?? .max else { continue }
            nearest = (candidate, distance)
        }
        return nearest?.name
    }

    /// The optimal string alignment distance: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
