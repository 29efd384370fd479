/// A list of connections that runs through the connections themselves, so that it costs no memory of its own.
///
/// It does not retain: a connection is removed before it is freed.
struct ConnectionList {
    /// Which list a connection is in.
    enum Name: Equatable {
        case none
        case fresh
        case wheel(UInt16)
    }

    private(set) var first: Connection.Link?
    private var last: Connection.Link?

    var isEmpty: Bool { first == nil }

    mutating func append(_ connection: Connection, as name: Name) {
        precondition(connection.list == .none, "A connection is in one list at a time.")
        let link = Connection.Link.passUnretained(connection)
        connection.list = name
        connection.previous = last
        connection.next = nil
        if let last { last._withUnsafeGuaranteedRef { $0.next = link } } else { first = link }
        last = link
    }

    mutating func remove(_ connection: Connection) {
        let (next, previous) = (connection.next, connection.previous)
        if let previous { previous._withUnsafeGuaranteedRef { $0.next = next } } else { first = next }
        if let next { next._withUnsafeGuaranteedRef { $0.previous = previous } } else { last = previous }
        connection.next = nil
        connection.previous = nil
        connection.list = .none
    }
}
