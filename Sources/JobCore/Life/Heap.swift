/// A binary heap: the first element by `isBefore` in O(log n).
struct Heap<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private let isBefore: @Sendable (Element, Element) -> Bool

    init(isBefore: @escaping @Sendable (Element, Element) -> Bool) { self.isBefore = isBefore }

    var peek: Element? { elements.first }

    mutating func push(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0, isBefore(elements[child], elements[(child - 1) / 2]) {
            elements.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let first = elements.first else { return last }
        elements[0] = last
        var parent = 0
        while true {
            let firstChild = min(2 * parent + 1, elements.count)
            let children = firstChild..<min(firstChild + 2, elements.count)
            guard let least = children.min(by: { isBefore(elements[$0], elements[$1]) }),
                isBefore(elements[least], elements[parent])
            else { return first }
            elements.swapAt(least, parent)
            parent = least
        }
    }
}
