private import Platform
private import Varlink
package import Wire

/// Asks the gate of a running agent, for the command line.
package struct GateClient {
    /// Why there is no decision: refused, whatever the question was.
    package enum Failure: Error, Equatable {
        /// No gate, or it was silent; one sentence.
        case noAnswer(String)
        case unknownOperation
        case invalidParameter(String)
    }

    private let client: VarlinkClient
    private let deadline: Uptime

    /// - Parameter timeout: for connecting and the answer together.
    package init(socket: String, timeout: Duration = .seconds(3)) throws(Failure) {
        deadline = Uptime.now() + timeout
        do throws(VarlinkError) {
            client = try VarlinkClient(path: socket, deadline: deadline)
        } catch {
            throw .noAnswer("\(error); is vendlock-agent running?")
        }
    }

    package func check(_ operation: String, amountCents: Int64?, reference: String?) throws(Failure) -> Decision {
        let parameters = CheckParameters(operation: operation, amount_cents: amountCents, reference: reference)
        do throws(VarlinkError) {
            return try client.call(GateService.check, parameters, as: CheckReply.self, deadline: deadline).decision
        } catch {
            throw Self.failure(error)
        }
    }

    package func state() throws(Failure) -> GateState {
        do throws(VarlinkError) {
            return try client.call(GateService.getState, as: StateReply.self, deadline: deadline).state
        } catch {
            throw Self.failure(error)
        }
    }

    package func enter(code: String) throws(Failure) -> EnterCodeReply {
        do throws(VarlinkError) {
            return try client.call(GateService.enterCode, EnterCodeParameters(code: code), as: EnterCodeReply.self, deadline: deadline)
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: VarlinkError) -> Failure {
        switch error.fault {
        case Gate.unknownOperation: .unknownOperation
        case "org.varlink.service.InvalidParameter": .invalidParameter("the gate does not accept one of the values")
        default: .noAnswer(error.description)
        }
    }
}
