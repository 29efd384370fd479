private import HTTPClient
package import Platform
package import Wire

/// `agent.json` as it was written; what is absent is `nil` or its default.
///
/// `{"server": "https://…", "imei": "…", "channel": "KazTimpaPro", "account"?, "model"?, "state_dir"?, "gate_socket"?, "gate_group"?, "gate_users"?, "ca_file"?, "gpsd"?, "modem_port"?}`
package struct AgentConfig: ConfigDecodable, Sendable {
    package static let defaultPath = "/etc/vendlock/agent.json"
    package static let shape = ConfigShape.keys(
        "server", "imei", "channel", "account", "model", "state_dir", "gate_socket", "gate_group", "gate_users", "ca_file", "gpsd", "modem_port")

    /// Absent: the one it was enrolled with.
    package var server: String?
    package var imei: IMEI?
    package var channel: ChannelCode?
    /// Only for an unregistered device that signs in to an account.
    package var account: AccountReference?
    package var model: String?
    package var stateDirectory = "/var/lib/vendlock"
    package var gateSocket = "/run/vendlock/gate.sock"
    /// The group that may ask the gate besides the agent's own.
    package var gateGroup: String?
    /// Who is answered there; absent: whomever the socket's mode lets in.
    package var gateUsers: [GateUser]?
    /// Certificates to trust in place of the system's.
    package var caFile: String?
    /// Where the server's question for the position is answered.
    package var gpsd = GPSDAddress.standard
    /// The modem's AT port, for a terminal without ModemManager.
    package var modemPort: String?

    private enum CodingKeys: String, CodingKey {
        case server, imei, channel, account, model, gateSocket = "gate_socket", gateGroup = "gate_group", gateUsers = "gate_users", caFile =
            "ca_file", gpsd, modemPort = "modem_port"
        case stateDirectory = "state_dir"
    }

    package init() {}

    package init(from decoder: any Decoder) throws {
        let file = try decoder.container(keyedBy: CodingKeys.self)
        server = try file.decodeIfPresent(String.self, forKey: .server)
        imei = try file.decodeIfPresent(IMEI.self, forKey: .imei)
        channel = try file.decodeIfPresent(ChannelCode.self, forKey: .channel)
        account = try file.decodeIfPresent(AccountReference.self, forKey: .account)
        model = try file.decodeIfPresent(String.self, forKey: .model)
        stateDirectory = try file.decodeIfPresent(String.self, forKey: .stateDirectory) ?? stateDirectory
        gateSocket = try file.decodeIfPresent(String.self, forKey: .gateSocket) ?? gateSocket
        gateGroup = try file.decodeIfPresent(String.self, forKey: .gateGroup)
        gateUsers = try file.decodeIfPresent([GateUser].self, forKey: .gateUsers)
        caFile = try file.decodeIfPresent(String.self, forKey: .caFile)
        if let text = try file.decodeIfPresent(String.self, forKey: .gpsd) {
            guard let address = GPSDAddress(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .gpsd, in: file, debugDescription: "A numeric address and a port: \(GPSDAddress.standard) or [::1]:2947.")
            }
            gpsd = address
        }
        modemPort = try file.decodeIfPresent(String.self, forKey: .modemPort)
        if let modemPort, !modemPort.hasPrefix("/dev/") {
            throw DecodingError.dataCorruptedError(forKey: .modemPort, in: file, debugDescription: "The modem's AT port: /dev/ttyUSB2, for example.")
        }
        if let server { try Self.check(server, decoder.codingPath + [CodingKeys.server]) }
    }

    private static func check(_ server: String, _ path: [any CodingKey]) throws {
        do throws(HTTPClientError) {
            try ServerURL.check(server)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: error.detail))
        }
    }

    /// Whether the agent may talk to this address: `https://`, or `http://` to this machine itself.
    package static func check(server: String) throws(AgentError) {
        do throws(HTTPClientError) {
            try ServerURL.check(server)
        } catch {
            throw AgentError(.config, "--server \(server): \(error.detail)")
        }
    }

    /// What a first `enrol` writes, so that `run` finds it.
    package static func minimal(server: String, imei: IMEI, channel: ChannelCode) -> [UInt8] {
        struct Minimal: Encodable {
            let server: String
            let imei: IMEI
            let channel: ChannelCode
        }
        return JSON.encode(Minimal(server: server, imei: imei, channel: channel)) + Array("\n".utf8)
    }
}
