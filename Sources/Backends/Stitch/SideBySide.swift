/// Does a piece of work for every element, some at the same time, with the answers in order.
enum SideBySide {
    /// - Parameter width: how many at a time, at least 1.
    /// - Throws: the first error; what still runs is cancelled and waited for.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], width: Int, _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        var results = [Result?](repeating: nil, count: elements.count)
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for (index, element) in elements.enumerated() {
                if index >= max(width, 1), let (index, result) = try await group.next() { results[index] = result }
                group.addTask { (index, try await body(element)) }
            }
            for try await (index, result) in group { results[index] = result }
        }
        return results.compactMap { $0 }
    }
}
