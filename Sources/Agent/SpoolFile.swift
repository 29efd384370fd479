package import AgentCore
package import Platform
private import Signing
package import Wire

/// `events`: a line with the highest number ever given, then one line per event, each behind the start of its SHA-256.
///
/// Lines at the end that are cut were never stored: a power cut leaves them, and they are left out. A damaged one before a whole one is left
/// out too, and told of; the rest stays.
package final class SpoolFile {
    package let path: String
    private var appender: AppendFile?
    /// Bytes up to a line at the end that was cut; what is appended next must not stand behind it. `nil`: none was.
    private var wholeBytes: Int64?

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
        // The last piece is empty, or it is a line that was cut.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard let first = lines.first, let head = Self.decode(Head.self, first), Self.numbers.contains(head.last_seq) else { return nil }
        var image = SpoolImage(lastSeq: head.last_seq)
        var end = first.endIndex + 1
        var (damaged, cut) = (0, 0)
        for line in lines.dropFirst() {
            guard let event = Self.decode(TerminalEvent.self, line), event.seq > (image.events.last?.seq ?? 0), Self.numbers.contains(event.seq)
            else {
                cut += 1
                continue
            }
            (damaged, cut) = (damaged + cut, 0)
            image.events.append(event)
            image.lastSeq = max(image.lastSeq, event.seq)
            end = line.endIndex + 1
        }
        // One line for all: a file of line feeds would fill the log.
        if damaged + cut > 0 { Log.warning("\(path): \(damaged + cut) damaged events are left out.") }
        image.isDamaged = damaged > 0
        wholeBytes = end < bytes.endIndex ? Int64(end) : nil
        return image
    }

    /// Durable when it returns.
    package func append(_ events: [TerminalEvent]) throws(SystemError) {
        let file: AppendFile
        if let appender { file = appender } else { file = try AppendFile(path, mode: 0o600) }
        appender = file
        if let end = wholeBytes {
            try file.truncate(to: end)
            wholeBytes = nil
        }
        var bytes: [UInt8] = []
        for event in events { Self.encode(event, to: &bytes) }
        try file.append(bytes)
        try file.synchronise()
    }

    /// Durable when it returns; on an error the old content stands.
    package func replace(with image: SpoolImage) throws(SystemError) {
        var bytes: [UInt8] = []
        Self.encode(Head(last_seq: image.lastSeq), to: &bytes)
        for event in image.events { Self.encode(event, to: &bytes) }
        try AtomicFile.write(bytes, to: path, mode: 0o600)
        appender = nil
        wholeBytes = nil
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
        guard line.count > 9, Array(line.prefix(9)) == sum(json) + [UInt8(ascii: " ")] else { return nil }
        // The checksum is right, so only a newer version's event could fail; it is left out like a damaged one.
        return try? JSON.decode(type, from: json)
    }
}
