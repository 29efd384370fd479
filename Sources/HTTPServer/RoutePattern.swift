private import Glibc

/// A path with parameters, matched byte by byte against a raw (still percent-encoded) path.
struct RoutePattern: Sendable {
    enum Segment: Sendable {
        case literal([UInt8])
        case parameter(String)
    }

    let segments: [Segment]

    init(_ text: String) {
        precondition(text.utf8.first == UInt8(ascii: "/"), "A pattern starts with a slash: \(text)")
        segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? .parameter(String(part.dropFirst().dropLast())) : .literal(Array(part.utf8))
        }
    }

    /// Whether every segment is literal, so that the pattern is one exact path.
    var isExact: Bool {
        segments.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// A parameter matches any segment that is not empty.
    func matches(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 1
        for (index, segment) in segments.enumerated() {
            guard start <= path.count else { return false }
            let end = Self.segmentEnd(path, from: start)
            switch segment {
            case .literal(let bytes):
                guard bytes.count == end - start else { return false }
                guard bytes.isEmpty || memcmp(bytes, path.baseAddress! + start, bytes.count) == 0 else { return false }
            case .parameter:
                guard end > start else { return false }
            }
            guard (index == segments.count - 1) == (end == path.count) else { return false }
            start = end + 1
        }
        return true
    }

    /// The raw segment that the parameter stands for; nil when the pattern has no such name.
    func value(of name: String, in path: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var start = 1
        for segment in segments {
            let end = Self.segmentEnd(path, from: start)
            if case .parameter(name) = segment { return UnsafeBufferPointer(rebasing: path[start..<end]) }
            start = end + 1
        }
        return nil
    }

    private static func segmentEnd(_ path: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }
}
