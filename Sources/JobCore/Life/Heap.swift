/// A binary heap: gives the first element by `isBefore` in O(log n).
public struct Heap<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private let isBefore: @Sendable (Element, Element) -> Bool

    /// Holds these from the start, in O(n): cheaper than sorting while only the first few are wanted soon.
    public init(_ elements: [Element] = [], isBefore: @escaping @Sendable (Element, Element) -> Bool) {
        (self.elements, self.isBefore) = (elements, isBefore)
        for parent in (0..<elements.count / 2).reversed() { sink(parent) }
    }

    public var isEmpty: Bool { elements.isEmpty }
    public var peek: Element? { elements.first }

    /// In O(log n).
    public mutating func push(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0, isBefore(elements[child], elements[(child - 1) / 2]) {
            elements.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the first, in O(log n).
    public mutating func pop() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let first = elements.first else { return last }
        elements[0] = last
        sink(0)
        return first
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            let firstChild = min(2 * parent + 1, elements.count)
            let children = firstChild..<min(firstChild + 2, elements.count)
            guard let least = children.min(by: { isBefore(elements[$0], elements[$1]) }),
                isBefore(elements[least], elements[parent])
            else { return }
            elements.swapAt(least, parent)
            parent = least
        }
    }
}
