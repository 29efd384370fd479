/// What is to come, by its moment; of one moment what was put in first.
struct Agenda<Item> {
    private var heap: [(at: Duration, order: Int, item: Item)] = []
    private var count = 0

    var next: Duration? { heap.first?.at }

    mutating func add(_ item: Item, at moment: Duration) {
        heap.append((moment, count, item))
        count += 1
        var place = heap.count - 1
        while place > 0, precedes(place, (place - 1) / 2) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func takeFirst() -> (at: Duration, item: Item)? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && precedes(child, least) { least = child }
            if least == place { return (first.at, first.item) }
            heap.swapAt(place, least)
            place = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool { (heap[left].at, heap[left].order) < (heap[right].at, heap[right].order) }
}
