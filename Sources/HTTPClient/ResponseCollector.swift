/// Gathers a response as it comes, within its limits.
struct ResponseCollector {
    /// 16 KiB for all headers together: what common servers send is under 1 KiB.
    static let headerLimit = 16 * 1024

    private(set) var headers: [HTTPClientResponse.Header] = []
    private(set) var body: [UInt8] = []
    /// Set when more came than is accepted: the transfer ends.
    private(set) var overflowed = false
    private var headerBytes = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Takes one header line as it stood, line end included; false to end the transfer.
    mutating func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.headerLimit else { return refuse() }
        if line.starts(with: "HTTP/".utf8) {
            headers = []  // An interim response (100, 103) comes before the one that counts.
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            headers.append(.init(name: text(line[..<colon]), value: text(line[(colon + 1)...])))
        }
        return true
    }

    /// Takes a piece of the body; false to end the transfer.
    mutating func takeBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard body.count + piece.count <= limit else { return refuse() }
        body.append(contentsOf: piece)
        return true
    }

    private mutating func refuse() -> Bool {
        overflowed = true
        body = []
        return false
    }

    private func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isBlank = { (byte: UInt8) in byte <= 0x20 }
        let trimmed = bytes.drop(while: isBlank)
        let end = trimmed.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? trimmed.startIndex
        return String(decoding: trimmed[..<end], as: UTF8.self)
    }
}
