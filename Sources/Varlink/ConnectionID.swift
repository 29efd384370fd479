/// Names one connection of a `VarlinkServer`; never used twice.
package struct ConnectionID: Hashable, Sendable, Comparable {
    let number: UInt64

    package static func < (left: ConnectionID, right: ConnectionID) -> Bool { left.number < right.number }
}
