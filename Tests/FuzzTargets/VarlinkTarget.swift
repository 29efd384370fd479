import Agent
import AgentCore
import LockRules
import Platform
import Varlink
import Wire

extension FuzzTarget {
    /// What a client sends to the gate.
    static let varlink = FuzzTarget(name: "varlink") {
        let gate = try FuzzedGate()
        return { bytes in
            try framesTheSameInPieces(bytes)
            try gate.take(bytes)
        }
    }

    private static func framesTheSameInPieces(_ bytes: [UInt8]) throws {
        let whole = frames([bytes[...]])
        let cut = frames(pieces(of: bytes))
        try hold(whole == cut, "in pieces it is framed otherwise: \(whole) and \(cut)")
    }

    /// The messages, behind them an empty one when the stream was refused; short ones, so that the limit is met.
    private static func frames(_ chunks: [ArraySlice<UInt8>]) -> [[UInt8]] {
        var framer = VarlinkFramer(limit: 200)
        var messages: [[UInt8]] = []
        do throws(VarlinkError) {
            for chunk in chunks { try framer.feed(chunk) { message throws(VarlinkError) in messages.append(Array(message)) } }
        } catch {
            messages.append([])
        }
        return messages
    }
}

/// The gate as the agent has it, on a socket.
private final class FuzzedGate {
    private struct Reply: Decodable {
        let error: String?
        let continues: Bool?
    }

    private let directory: FuzzDirectory
    private let poller: Poller
    private var server: VarlinkServer!
    private var terminal: FuzzedTerminal
    private var wrong: String?
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var path: String { directory.file("gate.sock") }

    init() throws {
        directory = try FuzzDirectory()
        poller = try Poller()
        terminal = try FuzzedTerminal()
        let listener = try UnixListener(directory.file("gate.sock"), mode: 0o600)
        server = try VarlinkServer(listener: listener, poller: poller, service: GateService.description) { [unowned self] call, _ in answer(call) }
    }

    /// The questions of the gate; what `GateService` does with them is of no matter to the parser.
    private func answer(_ call: VarlinkCall) -> VarlinkOutcome {
        do {
            switch call.method {
            case GateService.check:
                let question = try call.parameters(as: CheckParameters.self)
                let decision = try terminal.ask(question.operation, amountCents: question.amount_cents)
                if decision.permitted, Operation(rawValue: question.operation)?.isSpending != false {
                    wrong = "'\(question.operation)' is permitted without a lease"
                }
                return .reply(CheckReply(decision: decision))
            case GateService.getState: return .reply(StateReply(state: terminal.terminal.gateState(at: terminal.now)))
            case GateService.monitor: return .stream(StateReply(state: terminal.terminal.gateState(at: terminal.now)))
            case GateService.enterCode:
                return .reply(EnterCodeReply(accepted: false, message: try call.parameters(as: EnterCodeParameters.self).code, retry_ms: 0))
            default: return .error(.methodNotFound(call.method))
            }
        } catch let unknown as UnknownOperation {
            return .error(VarlinkFault(Gate.unknownOperation, ["operation": unknown.operation]))
        } catch let fault as VarlinkFault {
            return .error(fault)
        } catch {
            wrong = "\(error)"
            return .error(.methodNotFound(call.method))
        }
    }

    func take(_ bytes: [UInt8]) throws {
        let replies = try replies(to: bytes)
        try hold(replies <= bytes.count { $0 == 0 }, "\(replies) replies are more than there were calls")
        try turn()
        try hold(server.clientCount == 0, "a client that is gone is still there")
        try hold(try self.replies(to: Array("{\"method\":\"io.vendlock.Gate.GetState\"}\0".utf8)) == 1, "an honest client gets no answer any more")
        if let wrong { throw Broken(description: wrong) }
    }

    /// How many; each is looked at.
    private func replies(to bytes: [UInt8]) throws -> Int {
        let deadline = Uptime.now() + .seconds(10)
        let client = try UnixStream.connect(to: path, deadline: deadline)
        var rest = bytes[...]
        var arrived: [UInt8] = []
        var isOpen = true
        while isOpen {
            if case .bytes(let count) = try client.write(rest) { rest = rest.dropFirst(count) }
            let hadEvents = try turn()
            switch try client.read(into: &buffer) {
            case .bytes(let count): arrived += buffer[..<count]
            case .closed: isOpen = false
            case .wouldBlock: if !hadEvents { isOpen = false }
            }
        }
        let messages = arrived.split(separator: 0, omittingEmptySubsequences: false)
        try hold(messages.last?.isEmpty != false, "a reply has no end")
        for message in messages.dropLast() {
            do throws(JSONRefusal) {
                _ = try JSON.decode(Reply.self, from: Array(message))
            } catch {
                throw Broken(description: "a reply cannot be read: \(error): \(String(decoding: message, as: UTF8.self))")
            }
        }
        return max(0, messages.count - 1)
    }

    @discardableResult private func turn() throws -> Bool {
        let events = try poller.ready(timeout: .zero)
        try server.handle(events)
        return !events.isEmpty
    }
}
