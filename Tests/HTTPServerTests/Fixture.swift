private import Glibc
import HTTPServer
internal import Synchronization

/// A server on a free port, with a plain error renderer.
func makeServer(
    _ routes: [Route], lot: ParkingLot = ParkingLot(), _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
) throws -> HTTPServer {
    var configuration = HTTPServerConfiguration()
    configuration.threads = 2
    adjust(&configuration)
    return try HTTPServer(configuration: configuration, routes: routes, lot: lot) { status, code, _ in
        .text(status, code)
    }
}

extension HTTPResponse {
    static func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/plain", body: Array(text.utf8))
    }
}

extension Route {
    /// Answers "ok" at once.
    static let plain = Route(.GET, "/plain", handler: .inline { _, _ in .respond(.text(200, "ok")) })

    /// Parks each request for the subject in its path, and answers what it was woken by. `{lane}` tells polls apart.
    static func poll(_ lot: ParkingLot, wait: Duration = .seconds(600)) -> Route {
        Route(
            .GET, "/poll/{subject}/{lane}",
            handler: .inline { request, waking in
                let key = ParkingKey(subject: UInt64(request.parameter("subject"))!, lane: UInt32(request.parameter("lane"))!)
                let seen = lot.epoch(of: key.subject)
                guard let waking else { return .park(Parking(key: key, seen: seen, deadline: .now + wait)) }
                return .respond(.text(200, "\(waking)"))
            })
    }
}

/// Whether `/large` would take a body of so many bytes; of all that there is room for, when nothing of it is held.
func admitsBody(_ server: HTTPServer, of length: Int) -> Bool {
    do {
        let client = try RawClient(port: server.port)
        try client.send("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n")
        return try client.reply(final: false).status == 100
    } catch { return false }
}

/// Waits for a condition that another thread brings about; false after 20 s.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<10_000 {
        if condition() { return true }
        usleep(2_000)
    }
    return condition()
}

/// A door that holds worker threads until it is opened.
final class Door: Sendable {
    private let isOpen = Atomic<Bool>(false)
    private let waiting = Atomic<Int>(0)

    var count: Int { waiting.load(ordering: .acquiring) }

    func open() { isOpen.store(true, ordering: .releasing) }

    func pass() {
        waiting.add(1, ordering: .acquiringAndReleasing)
        precondition(eventually { isOpen.load(ordering: .acquiring) }, "The test opens the door.")
    }
}
