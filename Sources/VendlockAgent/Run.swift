import Agent
import FoundationEssentials
import Platform

/// `vendlock-agent run`: the daemon.
enum Run {
    static func perform(_ arguments: Arguments) throws -> Int32 {
        try arguments.expect(words: 0, "")
        try SealedProcess.begin()
        let (config, path) = try arguments.config()
        let directory = StateDirectory(config.stateDirectory)
        try Directory.create(directory.path, mode: 0o700)
        let lock: FileLock
        do throws(SystemError) {
            lock = try FileLock(directory: directory.path)
        } catch {
            guard error.isBusy else { throw error }
            throw AgentError(.system, "another vendlock-agent runs with \(directory.path); stop it first")
        }
        defer { withExtendedLifetime(lock) {} }
        let modem = ModemProgram("/proc/self/exe")
        let enrolment = enrolment(in: directory)
        let identity = try Identity(config, enrolment: enrolment, path: path) { modem.report(port: config.modemPort) }
        let service = try ServiceManager(environment: ProcessInfo.processInfo.environment)
        try AgentLoop(identity: identity, config: config, service: service, modem: modem) { try arguments.config().config }.run()
        return Command.Status.done
    }

    /// A damaged one does not stop the gate, which then refuses and says why.
    private static func enrolment(in directory: StateDirectory) -> Enrolment? {
        do throws(AgentError) {
            return try directory.enrolment()
        } catch {
            Log.error("\(error)")
            return nil
        }
    }
}
