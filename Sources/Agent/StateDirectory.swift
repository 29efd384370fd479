package import AgentCore
private import Platform
package import Signing
private import Wire

/// The directory of a terminal's state: `key.json`, `enrolment.json`, `state.a`, `state.b`, `codes.a`, `codes.b`, `modem.json`, `events`.
///
/// All but the events are sealed (`Seal`), so that they are good for nothing on another machine or beside another key. Key, enrolment and what is
/// remembered of the modem have a `Spare`.
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
        /// What is wrong with the enrolment's file, when it was read from its spare.
        fileprivate let enrolmentDamage: String?
        fileprivate let keyDamage: String?

        /// Who was at the other files may have been at these: what they hold counts as unreadable then.
        package func lockState() -> Start.Stored {
            switch state.read() {
            case .holds(let state): (keyDamage ?? enrolmentDamage).map { .unreadable($0, atLeast: state.revision) } ?? .holds(state)
            case let other: other
            }
        }
    }

    /// `nil`: never enrolled.
    package func enrolment() throws(AgentError) -> Enrolment? { try contents()?.files.enrolment }

    /// `nil`: never enrolled. Takes over what an earlier version wrote.
    package func open() throws(AgentError) -> Enrolled? {
        guard let (files, key) = try contents() else { return nil }
        tellOfAbsence()
        if !key.isBound { adopt(files, key) }
        mend(self.key, files.keyDamage)
        mend(enrolmentPath, files.enrolmentDamage)
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
        guard isEnrolled else { return nil }
        let key = try TerminalKey.load(key, on: machine)
        let (content, damage) = enrolmentLine(key)
        switch content {
        case .missing: return nil
        case .damaged(let why): throw AgentError(.malformed, "the enrolment cannot be read: \(why); enrol this terminal again")
        case .intact(let line, _):
            do throws(JSONRefusal) {
                let enrolment = try JSON.decode(Enrolment.self, from: line)
                return (
                    Enrolled(
                        enrolment: enrolment, key: key.signing, state: state(key), codes: codes(key),
                        modem: modem(key), enrolmentDamage: damage, keyDamage: key.damage), key
                )
            } catch {
                throw AgentError(.malformed, "the enrolment cannot be read: \(enrolmentPath): \(error); enrol this terminal again")
            }
        }
    }

    private var isEnrolled: Bool { ![enrolmentPath, Spare.path(of: enrolmentPath)].allSatisfy { SealedFile.read($0, .plain) == .missing } }

    /// - Returns: what the file holds, else its spare, and then what is wrong with the file.
    private func enrolmentLine(_ key: TerminalKey) -> (content: SealedFile.Content, damage: String?) {
        var content = SealedFile.read(enrolmentPath, key.seal)
        if case .damaged = content, !key.isBound { content = SealedFile.read(enrolmentPath, .plain) }
        let spare = SealedFile.read(Spare.path(of: enrolmentPath), key.seal)
        return switch (content, spare) {
        case (.damaged(let why), .intact): (spare, why)
        case (.missing, .intact): (spare, "\(enrolmentPath) is missing")
        case (.missing, .damaged): (spare, nil)
        case (.intact, _), (.damaged, _), (.missing, .missing): (content, nil)
        }
    }

    /// Makes a file and its spare the same.
    /// - Parameter damage: of the file.
    private func mend(_ path: String, _ damage: String?) {
        let spare = Spare.path(of: path)
        do throws(SystemError) {
            try damage == nil ? Spare.copy(path, over: spare) : Spare.copy(spare, over: path)
        } catch {
            Log.warning("\(path) and its spare are not the same, and cannot be made so: \(error).")
        }
    }

    private func write(_ enrolment: Enrolment, _ key: TerminalKey) throws(SystemError) {
        try SealedFile.write(JSON.encode(enrolment), to: enrolmentPath, key.seal)
        try Spare.copy(enrolmentPath, over: Spare.path(of: enrolmentPath))
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
    private func modem(_ key: TerminalKey) -> ModemFile { ModemFile(path + "/modem.json", key.seal) }
    private func codes(_ key: TerminalKey) -> CodeFile { CodeFile(path + "/codes", key.seal, former: key.isBound ? nil : formerCodes) }

    /// The key goes last: until then the files of the version before count beside their successors, and afterwards never again.
    private func adopt(_ files: Enrolled, _ key: TerminalKey) {
        do {
            if case .holds(let state) = files.state.read() { try files.state.write(state) }
            if case .holds(let codeKey, let memory) = files.codes.read() { try files.codes.write(memory, key: codeKey) }
            try files.modem.begin()
            try write(files.enrolment, key)
            try TerminalKey.bind(self.key, to: machine)
            try File.remove(formerState)
            try File.remove(formerCodes)
            Log.info("The state directory of the version before was taken over and belongs to this machine now.")
        } catch {
            Log.warning("The state directory stays as the version before wrote it: \(error).")
        }
    }

    /// The enrolment goes last: from then on a missing state, spool or memory of the modem is a damaged one. What is there already stays, a lock above all.
    package func save(_ enrolment: Enrolment) throws {
        let key = try TerminalKey.load(key, on: machine)
        let first = StoredState(imei: enrolment.imei, channel: enrolment.channel, account: enrolment.account)
        try state(key).begin(first, isNew: !isEnrolled)
        if try !File.exists(spool.path) { try spool.replace(with: SpoolImage()) }
        if !isEnrolled { try modem(key).begin() }
        try write(enrolment, key)
    }

    /// Another enrolment in the place of one that is there, and nothing else.
    package func replace(_ enrolment: Enrolment) throws {
        try write(enrolment, TerminalKey.load(key, on: machine))
    }
}
