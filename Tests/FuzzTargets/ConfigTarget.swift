import Agent
import HTTPClient
import Platform

extension FuzzTarget {
    /// `agent.json`.
    static let config = FuzzTarget(name: "config") {
        { bytes in
            let config: AgentConfig
            do throws(ConfigError) {
                config = try ConfigFile.parse(AgentConfig.self, from: bytes, path: "agent.json")
            } catch {
                try hold(!error.problem.isEmpty, "nobody learns what is wrong with it")
                return
            }
            try hold(GPSDAddress(config.gpsd.description) == config.gpsd, "the address of gpsd reads back as another: \(config.gpsd)")
            if let server = config.server { try ServerURL.check(server) }
            var other = AgentConfig()
            _ = other.adopt(config)
            var same = config
            try hold(same.adopt(config).isEmpty, "it differs from itself")
        }
    }
}
