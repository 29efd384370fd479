import Agent
import Glibc
import Platform
import Wire

extension FuzzTarget {
    /// What something in the gate's place answers to the agent's own command line. The first letter is the command.
    static let gate = FuzzTarget(name: "gate") {
        let directory = try FuzzDirectory()
        let listener = try UnixListener(directory.file("gate.sock"), mode: 0o600)
        return { bytes in
            let (kind, answer) = kind(of: bytes)
            do {
                let client = try GateClient(socket: directory.file("gate.sock"), timeout: .seconds(30))
                guard let stream = try listener.accept() else { throw Broken(description: "the command line does not connect") }
                // What the socket's buffer does not take is cut off: nobody reads at this moment.
                _ = try stream.write(answer[...])
                shutdown(stream.descriptor, Int32(SHUT_WR))
                switch kind {
                case "c": _ = JSON.encode(try client.check("airtime_vend", amountCents: 1, reference: nil))
                case "s": _ = JSON.encode(try client.state())
                default: _ = JSON.encode(try client.enter(code: "12345678901"))
                }
            } catch is GateClient.Failure {
                // No answer that can be used: refused.
            }
        }
    }
}
