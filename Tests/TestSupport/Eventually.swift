import Glibc

/// Asks again and again until the answer is there: for what another process or thread is about to do.
///
/// The limit is there so that a hanging test ends; it is never what a test is about.
package func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(20), _ look: () throws -> Value?
) throws -> Value {
    let end = ContinuousClock.now + limit
    while true {
        if let value = try look() { return value }
        guard ContinuousClock.now < end else { throw Failure("waited \(limit) in vain for: \(what)") }
        usleep(2_000)
    }
}

/// As above, for a condition.
package func eventually(_ what: String, within limit: Duration = .seconds(20), _ holds: () throws -> Bool) throws {
    _ = try eventually(what, within: limit) { try holds() ? true : nil }
}
