import Agent
import Platform
import Wire

/// `vendlock-agent check`: asks the gate as a vending application does.
enum Check {
    static func perform(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(words: 1, "name an operation: \(Operation.allCases.map(\.rawValue).joined(separator: ", "))")
        let operation = arguments.words[0]
        let amount = try amount(arguments)
        let socket = try arguments.gateSocket()
        do throws(GateClient.Failure) {
            let decision = try GateClient(socket: socket).check(operation, amountCents: amount, reference: arguments.value("reference"))
            print(arguments.has("json") ? String(decoding: JSON.encode(decision), as: UTF8.self) : sentence(decision))
            return decision.permitted ? Command.Status.done : Command.Status.refused
        } catch {
            switch error {
            case .noAnswer(let why):
                Command.complain("no answer from the gate, so refused: \(why)")
                return Command.Status.noAnswer
            case .unknownOperation:
                let known = Operation.allCases.map(\.rawValue)
                let hint = Nearest.word(to: operation, in: known).map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
                Command.complain("refused: '\(operation)' is not an operation; \(hint)")
                return Command.Status.usage
            case .invalidParameter(let why):
                Command.complain("refused: \(why)")
                return Command.Status.usage
            }
        }
    }

    private static func amount(_ arguments: Arguments) throws(CommandLineError) -> Int64? {
        guard let text = arguments.value("amount-cents") else { return nil }
        guard let amount = Int64(text), amount >= 0 else {
            throw CommandLineError("--amount-cents \(text): give whole cents, for example 5000 for R50")
        }
        return amount
    }

    private static func sentence(_ decision: Decision) -> String {
        let lease = "revision \(decision.revision), lease \(decision.lease_ms / 1000) s"
        if decision.permitted { return "permitted (\(lease))" }
        return "refused \(decision.reason ?? ""): \(decision.message ?? "") (\(lease))"
    }
}
