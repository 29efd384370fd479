/// A small working server that takes a provider's place in a test, on a free port of this machine.
///
/// It checks each request as the provider would. A wrong one gets the provider's own error, and is remembered in `violations`, which a test
/// asserts to be empty: a client that recovers from its own mistakes has still made them.
///
/// Concurrency: any thread. It serves until it is stopped or let go.
package protocol StandIn: Sendable {
    var server: StandInServer { get }
}

extension StandIn {
    package var port: UInt16 { server.port }
    package var url: String { "http://127.0.0.1:\(server.port)" }
    /// What was wrong with the requests that the provider would have refused as malformed or not authorized, in order.
    package var violations: [String] { server.desk.violations }
    /// Requests that came in, whatever became of them.
    package var received: Int { server.desk.received }
    /// Requests that took effect.
    package var accepted: Int { server.desk.accepted }

    /// Spoils the next requests, after those that are to be spoiled already.
    package func fail(next count: Int, with fault: Fault) { server.desk.fail(next: count, with: fault) }
    /// From now on nothing is spoiled.
    package func recover() { server.desk.recover() }

    /// Returns when so many requests have taken effect.
    package func waitFor(count: Int, within limit: Duration = .seconds(20)) throws {
        do {
            try eventually("\(count) accepted requests", within: limit) { accepted >= count }
        } catch { throw Failure("\(error); \(received) received, \(accepted) accepted, violations: \(violations)") }
    }

    /// Returns when so many requests have come in.
    package func waitForReceived(count: Int, within limit: Duration = .seconds(20)) throws {
        try eventually("\(count) requests, \(received) came", within: limit) { received >= count }
    }

    /// Lets go of what hangs, and ends the server.
    package func stop() { server.stop() }
}
