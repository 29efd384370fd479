import AgentCore
private import LockRules
private import Platform
private import Signing
import Wire

/// Offline codes between the gate, the disk and the terminal: the key is here, what a code does is `Terminal.enterCode`'s.
struct CodeDesk {
    private let imei: IMEI
    /// Once the terminal is enrolled.
    private var file: CodeFile?
    private var key: [UInt8]?

    init(imei: IMEI) { self.imei = imei }

    /// What the disk holds.
    mutating func load(from file: CodeFile) -> CodeFile.Found {
        self.file = file
        let found = file.read()
        if case .holds(let stored, _) = found { key = stored } else { key = nil }
        return found
    }

    /// Waits for the disk, unlike every other question of the gate: tries are slowed, so that it is rare.
    func enter(_ typed: String, to terminal: inout Terminal, now: Moment) -> (reply: EnterCodeReply, effects: [Effect]) {
        guard let digits = OfflineCode.read(typed) else {
            let sentence = "This is no code: it has \(OfflineCode.digits + 1) digits, and one of them is not right. Read it again."
            return (EnterCodeReply(accepted: false, message: sentence, retry_ms: 0), [])
        }
        let codeKey = key.flatMap { OfflineCodeKey($0, imei: imei) }
        let (answer, effects) = terminal.enterCode(now: now) { next in
            do {
                return try codeKey?.code(of: digits, from: next)
            } catch {
                Log.error("An offline code cannot be computed: \(error).")
                return nil
            }
        } store: {
            store($0)
        }
        return (EnterCodeReply(accepted: answer.accepted, message: answer.message, retry_ms: answer.wait.wholeMilliseconds), effects)
    }

    /// Only a terminal that has asked for a key takes one: a second would make the codes of the first work again.
    mutating func take(_ grant: OfflineCodeGrant, for terminal: inout Terminal) {
        guard terminal.nextCode == nil, grant.next >= 0, let granted = Base64URL.decode(grant.key), granted.count == OfflineCodeKey.length else {
            return
        }
        key = granted
        let memory = CodeMemory(imei: imei, next: grant.next)
        if store(memory) { terminal.codesGranted(memory) } else { key = nil }
    }

    /// An extension ended: without a file for it there is none either.
    func keep(_ memory: CodeMemory) {
        guard !store(memory), let file else { return }
        do throws(SystemError) {
            try file.remove()
        } catch {
            Log.error("An extension that has ended is still on the disk: \(error). Make room there before this agent is restarted.")
        }
    }

    private func store(_ memory: CodeMemory) -> Bool {
        guard let file, let key else { return false }
        do throws(SystemError) {
            try file.write(memory, key: key)
            return true
        } catch {
            Log.error("What became of an offline code cannot be stored: \(error).")
            return false
        }
    }
}
