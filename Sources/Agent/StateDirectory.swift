private import AgentCore
package import Platform
private import Wire

/// The directory of a terminal's state: `key.json`, `enrolment.json`, `state.json`, `events`, `codes.json`, `lock`.
package struct StateDirectory: Sendable {
    package let path: String
    package init(_ path: String) { self.path = path }

    package var key: String { path + "/key.json" }
    package var lock: String { path + "/lock" }
    package var state: StateFile { StateFile(path + "/state.json") }
    package var codes: CodeFile { CodeFile(path + "/codes.json") }
    package var spool: SpoolFile { SpoolFile(path + "/events") }
    private var enrolmentPath: String { path + "/enrolment.json" }

    /// A damaged enrolment does not keep a terminal from being enrolled again.
    var enrolmentContent: ChecksummedFile.Content { ChecksummedFile.read(enrolmentPath) }

    /// `nil`: never enrolled.
    package func enrolment() throws(AgentError) -> Enrolment? {
        switch enrolmentContent {
        case .missing: return nil
        case .damaged(let why): throw AgentError(.malformed, "the enrolment cannot be read: \(why); enrol this terminal again")
        case .intact(let line):
            do throws(JSONRefusal) {
                return try JSON.decode(Enrolment.self, from: line)
            } catch {
                throw AgentError(.malformed, "the enrolment cannot be read: \(enrolmentPath): \(error); enrol this terminal again")
            }
        }
    }

    /// The enrolment goes last: from then on a missing state or spool is a damaged one. What is there already stays, a lock above all.
    package func save(_ enrolment: Enrolment) throws(SystemError) {
        if case .missing = ChecksummedFile.read(state.path) {
            try state.write(StoredState(imei: enrolment.imei, channel: enrolment.channel, account: enrolment.account))
        }
        if try !File.exists(spool.path) { try spool.replace(with: SpoolImage()) }
        try replace(enrolment)
    }

    /// Another enrolment in the place of one that is there, and nothing else.
    package func replace(_ enrolment: Enrolment) throws(SystemError) { try ChecksummedFile.write(JSON.encode(enrolment), to: enrolmentPath) }
}
