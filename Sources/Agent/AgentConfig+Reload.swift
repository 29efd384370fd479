extension AgentConfig {
    /// Takes over what may change while the agent runs: `gate_users`, `gpsd` and `modem_port`.
    /// - Returns: the other keys that differ. They wait for the next start: each decides who this terminal is, or where it keeps what it is.
    package mutating func adopt(_ new: AgentConfig) -> [String] {
        gateUsers = new.gateUsers
        gpsd = new.gpsd
        modemPort = new.modemPort
        let differences = [
            ("server", server != new.server), ("imei", imei != new.imei), ("channel", channel != new.channel), ("account", account != new.account),
            ("model", model != new.model), ("state_dir", stateDirectory != new.stateDirectory), ("gate_socket", gateSocket != new.gateSocket),
            ("gate_group", gateGroup != new.gateGroup), ("ca_file", caFile != new.caFile),
        ]
        return differences.filter(\.1).map(\.0)
    }
}
