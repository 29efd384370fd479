import Agent
import Platform
import Wire

/// `vendlock-agent code`: enters an offline code.
enum EnterCode {
    static func perform(_ arguments: Arguments) throws -> Int32 {
        guard !arguments.words.isEmpty else { throw CommandLineError("give the code: vendlock-agent code CODE") }
        let socket = try arguments.gateSocket()
        do throws(GateClient.Failure) {
            // As it was read out: in groups, too.
            let reply = try GateClient(socket: socket).enter(code: arguments.words.joined(separator: " "))
            guard !reply.accepted else {
                print(reply.message)
                return Command.Status.done
            }
            Command.complain(reply.message)
            return Command.Status.refused
        } catch {
            switch error {
            case .noAnswer(let why):
                Command.complain("no answer from the gate, so nothing was changed: \(why)")
                return Command.Status.noAnswer
            case .unknownOperation, .invalidParameter:
                Command.complain("the gate does not take this for a code: it has \(OfflineCode.digits + 1) digits")
                return Command.Status.usage
            }
        }
    }
}
