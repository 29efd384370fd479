package import AgentCore
package import Platform
private import Signing
package import Wire

/// `events`: a line with the highest number ever given, then one line per event, each behind the start of its SHA-256.
///
/// A last line that is cut is one that was never stored, and is left out; a damaged one in between is left out too, the rest stays.
package final class SpoolFile {
    package let path: String
    private var appender: AppendFile?

    /// 2 MiB: far beyond what the bounds of `Spool` let through.
    private static let limit = 2 << 20

    /// What no server takes is not counted on from: the checksum keeps nobody from writing it, and counting would end in an overflow.
    private static let numbers = 0...TerminalEvent.highestSequence

    private struct Head: Codable { var last_seq: Int64 }

    package init(_ path: String) { self.path = path }

    /// `nil` when it is missing or its first line is damaged.
    package func read() -> SpoolImage? {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path, limit: Self.limit)
        } catch {
            Log.error("\(error)")
            return nil
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 2, let head = Self.decode(Head.self, lines[0]), Self.numbers.contains(head.last_seq) else { return nil }
        var image = SpoolImage(lastSeq: head.last_seq)
        var damaged = 0
        for line in lines.dropFirst().dropLast() {
            guard let event = Self.decode(TerminalEvent.self, line), event.seq > (image.events.last?.seq ?? 0), Self.numbers.contains(event.seq)
            else {
                damaged += 1
                continue
            }
            image.events.append(event)
            image.lastSeq = max(image.lastSeq, event.seq)
        }
        // One line for all: a file of line feeds would fill the log.
        if damaged > 0 { Log.warning("\(path): \(damaged) damaged events are left out.") }
        // What is appended next must not stand on the same line as a piece that was cut.
        isCut = lines.last?.isEmpty == false
        return image
    }

    private var isCut = false

    /// Durable when it returns.
    package func append(_ events: [TerminalEvent]) throws(SystemError) {
        let file: AppendFile
        if let appender { file = appender } else { file = try AppendFile(path, mode: 0o600) }
        appender = file
        var bytes: [UInt8] = isCut ? [UInt8(ascii: "\n")] : []
        for event in events { Self.encode(event, to: &bytes) }
        try file.append(bytes)
        try file.synchronise()
        isCut = false
    }

    /// Durable when it returns; on an error the old content stands.
    package func replace(with image: SpoolImage) throws(SystemError) {
        var bytes: [UInt8] = []
        Self.encode(Head(last_seq: image.lastSeq), to: &bytes)
        for event in image.events { Self.encode(event, to: &bytes) }
        try AtomicFile.write(bytes, to: path, mode: 0o600)
        appender = nil
        isCut = false
    }

    private static func sum(_ json: [UInt8]) -> [UInt8] { Array(Digest.hex(Digest.sha256(json).prefix(4)).utf8) }

    private static func encode(_ value: some Encodable, to bytes: inout [UInt8]) {
        let json = JSON.encode(value)
        bytes += sum(json)
        bytes.append(UInt8(ascii: " "))
        bytes += json
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ line: ArraySlice<UInt8>) -> Value? {
        let json = Array(line.dropFirst(9))
        guard line.count > 9, Array(line.prefix(8)) == sum(json) else { return nil }
        // The checksum is right, so only a newer version's event could fail; it is left out like a damaged one.
        return try? JSON.decode(type, from: json)
    }
}
