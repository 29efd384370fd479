private import Glibc

/// Finds the route of a method and a path without making a string of either.
struct RouteTable: Sendable {
    enum Match: Equatable {
        /// Index into `routes`.
        case route(Int)
        case unknownPath
        /// The path exists; the text lists its methods as the `Allow` field does.
        case unknownMethod(allow: String)
    }

    private struct Place: Sendable {
        let text: String
        let bytes: [UInt8]
        let pattern: RoutePattern
        /// Index into `routes` for each method; -1 where there is none.
        var byMethod = [Int](repeating: -1, count: HTTPMethod.allCases.count)
        var allow = ""
    }

    let routes: [Route]
    let patterns: [RoutePattern]
    private var places: [Place] = []
    private var withParameters: [Int] = []
    /// Open addressing over the exact paths; -1 is free. Its size is a power of two.
    private var slots: [Int32]

    init(_ routes: [Route]) {
        self.routes = routes
        patterns = routes.map { RoutePattern($0.pattern) }
        var size = 16
        while size < routes.count * 4 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for (index, route) in routes.enumerated() { add(route, index) }
        for index in places.indices { places[index].allow = Self.allow(places[index].byMethod) }
    }

    func match(_ path: UnsafeBufferPointer<UInt8>, _ method: HTTPMethod?) -> Match {
        guard let place = place(path) else { return .unknownPath }
        guard let method, places[place].byMethod[method.routed.number] >= 0 else { return .unknownMethod(allow: places[place].allow) }
        return .route(places[place].byMethod[method.routed.number])
    }

    private func place(_ path: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = Self.hash(path) & (slots.count - 1)
        while slots[slot] >= 0 {
            let place = Int(slots[slot])
            let bytes = places[place].bytes
            if bytes.count == path.count, memcmp(bytes, path.baseAddress!, path.count) == 0 { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return withParameters.first { places[$0].pattern.matches(path) }
    }

    private mutating func add(_ route: Route, _ index: Int) {
        let place: Int
        if let known = places.firstIndex(where: { $0.text == route.pattern }) {
            place = known
        } else {
            place = places.count
            places.append(Place(text: route.pattern, bytes: Array(route.pattern.utf8), pattern: patterns[index]))
            if patterns[index].isExact { enter(place) } else { withParameters.append(place) }
        }
        precondition(places[place].byMethod[route.method.number] < 0, "Two routes for \(route.method) \(route.pattern).")
        places[place].byMethod[route.method.number] = index
    }

    private mutating func enter(_ place: Int) {
        var slot = places[place].bytes.withUnsafeBufferPointer(Self.hash) & (slots.count - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(place)
    }

    private static func allow(_ byMethod: [Int]) -> String {
        HTTPMethod.allCases.filter { byMethod[$0.routed.number] >= 0 }.map(\.rawValue).joined(separator: ", ")
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash >> 1)
    }
}

extension HTTPMethod {
    /// A small number for each, to index a table with.
    fileprivate var number: Int {
        switch self {
        case .GET: 0
        case .POST: 1
        case .PUT: 2
        case .PATCH: 3
        case .DELETE: 4
        case .HEAD: 5
        }
    }
}
