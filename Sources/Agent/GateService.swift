import LockRules
package import Varlink
import Wire

/// `io.vendlock.Gate`: questions in, answers from memory out.
package struct GateService {
    package static let check = Gate.interface + ".Check"
    package static let getState = Gate.interface + ".GetState"
    package static let monitor = Gate.interface + ".Monitor"
    package static let enterCode = Gate.interface + ".EnterCode"
    /// Bytes of a `reference`, which is not looked at.
    private static let longestReference = 256

    package static let description = VarlinkService(
        vendor: "vendlock", product: "vendlock-agent", version: vendlockVersion, url: "https://vendlock.io",
        interfaces: [Gate.interface: Gate.description])

    /// - Parameters:
    ///   - ask: `Terminal.ask`.
    ///   - state: `Terminal.gateState`, now.
    ///   - enter: `Terminal.enterCode`.
    static func answer(
        _ call: VarlinkCall, ask: (String, Int64?) throws(UnknownOperation) -> Decision, state: () -> GateState,
        enter: (String) -> EnterCodeReply
    ) -> VarlinkOutcome {
        switch call.method {
        case check:
            do {
                let question = try call.parameters(as: CheckParameters.self)
                if let amount = question.amount_cents, amount < 0 { return .error(.invalidParameter("amount_cents")) }
                if let reference = question.reference, reference.utf8.count > longestReference { return .error(.invalidParameter("reference")) }
                return .reply(CheckReply(decision: try ask(question.operation, question.amount_cents)))
            } catch let unknown as UnknownOperation {
                return .error(VarlinkFault(Gate.unknownOperation, ["operation": unknown.operation]))
            } catch let fault as VarlinkFault {
                return .error(fault)
            } catch {
                preconditionFailure("nothing else is thrown: \(error)")
            }
        case getState: return .reply(StateReply(state: state()))
        case monitor: return .stream(StateReply(state: state()))
        case enterCode:
            do throws(VarlinkFault) {
                let code = try call.parameters(as: EnterCodeParameters.self).code
                // More than anybody types is not looked at.
                return code.utf8.count <= 64 ? .reply(enter(code)) : .error(.invalidParameter("code"))
            } catch {
                return .error(error)
            }
        default: return .error(.methodNotFound(call.method))
        }
    }
}
