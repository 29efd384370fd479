import HTTPServer
import Synchronization

/// The HTTP side of a stand-in: routes, faults, and the book of what came.
package final class StandInServer: Sendable {
    /// One kind of request. `check` says what accepting it means and how that is answered; it throws what the provider would refuse.
    struct Service: Sendable {
        let method: HTTPMethod
        let pattern: String
        let check: @Sendable (ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse

        init(
            _ method: HTTPMethod, _ pattern: String,
            check: @escaping @Sendable (ReceivedRequest) throws(Refusal) -> @Sendable () -> HTTPResponse
        ) {
            self.method = method
            self.pattern = pattern
            self.check = check
        }
    }

    let desk: StandInDesk
    private let server: HTTPServer

    package var port: UInt16 { server.port }

    /// - Parameter notFound: the provider's words for a path or a method that it does not have.
    init(
        port: UInt16, services: [Service], onViolation: (@Sendable (String) -> Void)? = nil,
        notFound: @escaping @Sendable (_ status: Int) -> HTTPResponse
    ) throws {
        let desk = StandInDesk(onViolation: onViolation)
        self.desk = desk
        var configuration = HTTPServerConfiguration(port: port)
        configuration.threads = 2
        // One that hangs keeps its thread.
        configuration.workerThreads = 256
        configuration.connectionMemory = 16384
        let routes = services.map { service in
            Route(
                service.method, service.pattern, bodyLimit: 1 << 20,
                handler: .worker { request in desk.answer(ReceivedRequest(request, of: service.pattern), service) })
        }
        server = try HTTPServer(configuration: configuration, routes: routes, lot: ParkingLot()) { status, code, detail in
            desk.note("\(status) \(code): \(detail)")
            return notFound(status)
        }
    }

    func stop() {
        desk.close()
        server.stop()
    }

    deinit { stop() }
}
