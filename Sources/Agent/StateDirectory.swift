private import AgentCore
private import Platform
package import Signing
private import Wire

/// The directory of a terminal's state: `key.json`, `enrolment.json`, `state.a`, `state.b`, `codes.a`, `codes.b`, `modem.json`, `events`.
///
/// All but the events are sealed (`Seal`), so that they are good for nothing on another machine or beside another key.
package struct StateDirectory: Sendable {
    package let path: String
    package let machine: MachineID

    package init(_ path: String, machine: MachineID = .read()) {
        self.path = path
        self.machine = machine
    }

    package var key: String { path + "/key.json" }
    package var spool: SpoolFile { SpoolFile(path + "/events") }
    private var enrolmentPath: String { path + "/enrolment.json" }
    /// The single files of the version before.
    private var formerState: String { path + "/state.json" }
    private var formerCodes: String { path + "/codes.json" }

    /// What is in the directory of a terminal that is enrolled.
    package struct Enrolled: Sendable {
        package let enrolment: Enrolment
        package let key: Ed25519PrivateKey
        package let state: StateFile
        package let codes: CodeFile
        package let modem: ModemFile
    }

    /// `nil`: never enrolled.
    package func enrolment() throws(AgentError) -> Enrolment? { try contents()?.files.enrolment }

    /// `nil`: never enrolled. Takes over what an earlier version wrote.
    package func open() throws(AgentError) -> Enrolled? {
        guard let (files, key) = try contents() else { return nil }
        tellOfAbsence()
        if !key.isBound { adopt(files, key) }
        return files
    }

    /// The terminal's key, made when there is none: for a terminal that is being enrolled.
    package func keyToEnrol() throws(AgentError) -> Ed25519PrivateKey {
        tellOfAbsence()
        return try TerminalKey.loadOrMake(key, on: machine).signing
    }

    private func tellOfAbsence() {
        guard let absence = machine.absence else { return }
        Log.warning("This machine has no identifier (\(absence)): a state directory that is made here works on other machines too.")
    }

    private func contents() throws(AgentError) -> (files: Enrolled, key: TerminalKey)? {
        if case .missing = SealedFile.read(enrolmentPath, .plain) { return nil }
        let key = try TerminalKey.load(key, on: machine)
        var content = SealedFile.read(enrolmentPath, key.seal)
        if case .damaged = content, !key.isBound { content = SealedFile.read(enrolmentPath, .plain) }
        switch content {
        case .missing: return nil
        case .damaged(let why): throw AgentError(.malformed, "the enrolment cannot be read: \(why); enrol this terminal again")
        case .intact(let line, _):
            do throws(JSONRefusal) {
                let enrolment = try JSON.decode(Enrolment.self, from: line)
                return (
                    Enrolled(
                        enrolment: enrolment, key: key.signing, state: state(key), codes: codes(key),
                        modem: ModemFile(path + "/modem.json", key.seal)), key
                )
            } catch {
                throw AgentError(.malformed, "the enrolment cannot be read: \(enrolmentPath): \(error); enrol this terminal again")
            }
        }
    }

    /// Who this terminal was enrolled as. One that cannot be read, or is another machine's, does not keep a terminal from being enrolled again.
    package var enrolmentBefore: Enrolment? {
        do throws(AgentError) {
            return try enrolment()
        } catch {
            return nil
        }
    }

    private func state(_ key: TerminalKey) -> StateFile { StateFile(path + "/state", key.seal, former: key.isBound ? nil : formerState) }
    private func codes(_ key: TerminalKey) -> CodeFile { CodeFile(path + "/codes", key.seal, former: key.isBound ? nil : formerCodes) }

    /// The key goes last: until then the files of the version before count beside their successors, and afterwards never again.
    private func adopt(_ files: Enrolled, _ key: TerminalKey) {
        do {
            if case .holds(let state) = files.state.read() { try files.state.write(state) }
            if case .holds(let codeKey, let memory) = files.codes.read() { try files.codes.write(memory, key: codeKey) }
            try SealedFile.write(JSON.encode(files.enrolment), to: enrolmentPath, key.seal)
            try TerminalKey.bind(self.key, to: machine)
            try File.remove(formerState)
            try File.remove(formerCodes)
            Log.info("The state directory of the version before was taken over and belongs to this machine now.")
        } catch {
            Log.warning("The state directory stays as the version before wrote it: \(error).")
        }
    }

    /// The enrolment goes last: from then on a missing state or spool is a damaged one. What is there already stays, a lock above all.
    package func save(_ enrolment: Enrolment) throws {
        let key = try TerminalKey.load(key, on: machine)
        let first = StoredState(imei: enrolment.imei, channel: enrolment.channel, account: enrolment.account)
        try state(key).begin(first, isNew: !File.exists(enrolmentPath))
        if try !File.exists(spool.path) { try spool.replace(with: SpoolImage()) }
        try SealedFile.write(JSON.encode(enrolment), to: enrolmentPath, key.seal)
    }

    /// Another enrolment in the place of one that is there, and nothing else.
    package func replace(_ enrolment: Enrolment) throws {
        try SealedFile.write(JSON.encode(enrolment), to: enrolmentPath, TerminalKey.load(key, on: machine).seal)
    }
}
