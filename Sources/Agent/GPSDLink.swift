import AgentCore
import Platform

/// The way to gpsd, open only while a position is looked for. Inside the agent's loop: it never waits.
final class GPSDLink {
    private enum Stage {
        case idle
        /// The request is sent when the connection stands.
        case connecting(TCPStream)
        case watching(TCPStream, GPSDLines, GPSDSearch)
    }

    /// Names receiver and stream of reports.
    private static let watch = Array("?WATCH={\"enable\":true,\"json\":true}\n".utf8)
    /// Bytes that are read in one turn of the loop: the gate is asked in between.
    private static let portion = 16 * 1024

    /// Takes effect with the next search.
    var address: GPSDAddress
    private let poller: Poller
    private let token: UInt64
    private var stage = Stage.idle

    /// - Parameter token: of its events in the poller.
    init(_ address: GPSDAddress, poller: Poller, token: UInt64) {
        self.address = address
        self.poller = poller
        self.token = token
    }

    /// Returns an event only when gpsd cannot even be called.
    func begin() -> Event? {
        end()
        do throws(SystemError) {
            let stream = try TCPStream.connecting(toNumeric: address.host, port: address.port)
            try poller.register(stream.descriptor, token: token, interest: .write)
            stage = .connecting(stream)
            return nil
        } catch {
            return failed("\(error)")
        }
    }

    /// Closing the connection ends the watch.
    func end() { stage = .idle }

    /// Goes on with a connection that the poller has news of; returns an event when the search is over.
    func proceed() -> Event? {
        do throws(SystemError) {
            switch stage {
            case .idle: return nil
            case .connecting(let stream):
                try stream.finishConnecting()
                switch try stream.write(Self.watch[...]) {
                case .wouldBlock: return nil
                case .bytes(Self.watch.count): break
                // A new connection's buffer takes these few bytes, or there is something wrong with it.
                case .bytes, .closed: return failed("gpsd at \(address) takes no request")
                }
                try poller.modify(stream.descriptor, token: token, interest: .read)
                stage = .watching(stream, GPSDLines(), GPSDSearch())
                return nil
            case .watching(let stream, var lines, var search):
                var buffer = [UInt8](repeating: 0, count: Self.portion)
                switch try stream.read(into: &buffer) {
                case .wouldBlock: return nil
                case .closed: return failed("gpsd at \(address) ended the connection")
                case .bytes(let count):
                    stage = .idle
                    for line in lines.receive(buffer[..<count]) {
                        if let fix = search.receive(GPSDReport(line: line)) { return .located(fix) }
                    }
                    stage = .watching(stream, lines, search)
                    return nil
                }
            }
        } catch {
            return failed("\(error)")
        }
    }

    private func failed(_ why: String) -> Event {
        stage = .idle
        Log.warning("The position of this terminal cannot be found out: \(why). Is gpsd installed and running? The modem is asked for its cell.")
        return .locationFailed(.noGPSD)
    }
}
