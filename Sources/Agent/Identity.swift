package import Modem
package import Wire

/// Who this terminal is and whom it asks: the configuration, completed by the enrolment.
package struct Identity: Sendable {
    package let server: String
    package let imei: IMEI
    package let channel: ChannelCode
    package let account: AccountReference?
    package let model: String?
    package let caFile: String?

    /// - Parameters:
    ///   - path: of the configuration, for the error.
    ///   - modem: asks it, which takes its time; only where neither configuration nor enrolment has an IMEI.
    package init(_ config: AgentConfig, enrolment: Enrolment?, path: String, modem: () -> ModemReport) throws(AgentError) {
        let imei: IMEI
        if let known = config.imei ?? enrolment?.imei {
            imei = known
        } else {
            let report = modem()
            guard let asked = report.imei else {
                throw AgentError(
                    .config,
                    "\(path): give \"imei\", because the modem does not say it (\(report.troubles.joined(separator: "; "))). Dial *#06# on the terminal to read it"
                )
            }
            imei = asked
        }
        guard let server = config.server ?? enrolment?.server else {
            throw AgentError(.config, "\(path): give \"server\", the address of the vendlock server, for example https://lock.example")
        }
        guard let channel = config.channel ?? enrolment?.channel else {
            throw AgentError(.config, "\(path): give \"channel\", for example KazTimpaPro")
        }
        if let enrolment, enrolment.imei != imei {
            throw AgentError(
                .config,
                "\(path): \"imei\" is \(imei), but this terminal is enrolled as \(enrolment.imei); put it right, or enrol again with another state_dir"
            )
        }
        self.server = server
        self.imei = imei
        self.channel = channel
        account = config.account
        model = config.model
        caFile = config.caFile
    }
}
