package import Platform
private import Wire

/// One record in two sealed files, `PATH.a` and `PATH.b`, so that putting an old copy of one file in its place cannot bring the old record back.
///
/// Each record names the seal of the one before it. A write puts the new record into `a`, and once that is durable the same into `b`.
/// So there are two pairs that an honest terminal can be found with, and no others are believed:
///
/// | a | b | how it comes about |
/// | --- | --- | --- |
/// | new | new | at rest |
/// | new, naming b's | old | the power went between the two writes: `a` counts, and `b` is written now |
///
/// An old `a` beside the newest `b` names an older record than `b` is; an old `b` beside the newest `a` changes nothing when it is the one
/// before, and is not the one that `a` names when it is older. Two records with the same seal are the same bytes, and no old record ever
/// becomes a successor of a new one, because each start of a chain names something random. A file that is missing or damaged may have
/// been the newer one: then nothing is believed. Who replaces both files can go back, which a lease never does.
package struct SealedSlots<Content: Codable & Sendable & Equatable>: Sendable {
    package enum Found: Sendable, Equatable {
        /// Neither file is there.
        case missing
        case holds(Content)
        /// Nothing to go by; `survivors` are the records of the files that are whole, each perhaps older than what was lost.
        case damaged(String, survivors: [Content])
    }

    private struct Record: Codable {
        /// The seal of the record before.
        var previous: String
        var content: Content
    }

    private enum Slot {
        case missing
        case damaged(String)
        case intact(Record, line: [UInt8], tag: [UInt8])
    }

    private let a: String
    private let b: String
    private let seal: Seal
    /// A single file of an earlier version, with its plain checksum: what stands in for `b` until that exists.
    private let former: String?

    package init(_ path: String, _ seal: Seal, former: String? = nil) {
        a = path + ".a"
        b = path + ".b"
        self.seal = seal
        self.former = former
    }

    /// What the two files hold. Finishes a write that was cut.
    package func read() -> Found {
        let first = slot(a)
        let second = slotB()
        switch (first, second) {
        case (.missing, .missing): return .missing
        case (.missing, .intact(let record, _, _)) where record.previous == Self.noPrevious: return .holds(record.content)
        case (.intact(let record, _, let tag), .intact(_, _, let other)) where tag == other: return .holds(record.content)
        case (.intact(let record, let line, _), .intact(_, _, let tag)) where record.previous == String(decoding: tag, as: UTF8.self):
            do throws(SystemError) {
                try SealedFile.write(line, to: b, seal)
            } catch {
                Log.warning("A write that was cut cannot be finished: \(error).")
            }
            return .holds(record.content)
        case (.intact(let one, _, _), .intact(let other, _, _)):
            return .damaged("\(a) and \(b) do not belong together", survivors: [one.content, other.content])
        case (.intact(let survivor, _, _), let lost): return .damaged(Self.why(lost, b), survivors: [survivor.content])
        case (let lost, .intact(let survivor, _, _)): return .damaged(Self.why(lost, a), survivors: [survivor.content])
        case (.missing, let lost): return .damaged(Self.why(lost, b), survivors: [])
        case (let lost, _): return .damaged(Self.why(lost, a), survivors: [])
        }
    }

    /// Durable when it returns. On an error the record before stands, or the new one.
    package func write(_ content: Content) throws(SystemError) {
        var previous = Self.drawn()
        if case .intact(_, _, let tag) = slotB() { previous = String(decoding: tag, as: UTF8.self) }
        let line = JSON.encode(Record(previous: previous, content: content))
        try SealedFile.write(line, to: a, seal)
        try SealedFile.write(line, to: b, seal)
    }

    /// Durable when it returns, also on a disk that is full.
    package func remove() throws(SystemError) {
        if let former { try File.remove(former) }
        try File.remove(a)
        try File.remove(b)
    }

    /// What the record of an earlier version's file is given; no sealed record has it.
    private static var noPrevious: String { "" }

    /// What the first record of a chain names: nothing that was ever written.
    private static func drawn() -> String {
        var generator = SystemRandomNumberGenerator()
        let bits = [generator.next(), generator.next()]
        return Base64URL.encode(bits.withUnsafeBytes(Array.init))
    }

    /// The file of an earlier version stands in for a `b` that does not exist yet.
    private func slotB() -> Slot {
        let second = slot(b)
        guard case .missing = second, let former else { return second }
        return Self.decode(SealedFile.read(former, .plain), former) { line throws(JSONRefusal) in
            Record(previous: Self.noPrevious, content: try JSON.decode(Content.self, from: line))
        }
    }

    private func slot(_ path: String) -> Slot {
        Self.decode(SealedFile.read(path, seal), path) { line throws(JSONRefusal) in try JSON.decode(Record.self, from: line) }
    }

    private static func decode(_ content: SealedFile.Content, _ path: String, _ read: ([UInt8]) throws(JSONRefusal) -> Record) -> Slot {
        switch content {
        case .missing: return .missing
        case .damaged(let why): return .damaged(why)
        case .intact(let line, let tag):
            do throws(JSONRefusal) {
                return .intact(try read(line), line: line, tag: tag)
            } catch {
                return .damaged("\(path): \(error)")
            }
        }
    }

    private static func why(_ slot: Slot, _ path: String) -> String {
        if case .damaged(let why) = slot { why } else { "\(path) is missing" }
    }
}
