import Foundation
import Glibc
import TestSupport

/// The readable memory of another process, as root sees it.
/// - Source: proc(5), /proc/pid/smaps, /proc/pid/mem
struct MemorySearch {
    struct Place: CustomStringConvertible {
        let address: UInt
        let mapping: String
        /// Its pages are never swapped out: `lo` of VmFlags.
        let isLocked: Bool

        var description: String { String(address, radix: 16) + " in " + mapping + (isLocked ? ", locked" : "") }
    }

    private let mappings: [(range: Range<UInt>, line: String, isLocked: Bool)]
    private let memory: Int32

    init(of process: Int32) throws {
        var found: [(range: Range<UInt>, line: String, isLocked: Bool)] = []
        // A file of /proc has no size to be read by.
        for line in try Programs.run("cat", ["/proc/\(process)/smaps"]).output.split(separator: "\n") {
            if line.hasPrefix("VmFlags:"), let last = found.indices.last {
                found[last].isLocked = line.split(separator: " ").contains("lo")
            } else if let range = Self.range(line) {
                found.append((range, String(line), false))
            }
        }
        mappings = found.filter { $0.line.split(separator: " ")[1].hasPrefix("r") && !$0.line.contains("[v") }
        memory = open("/proc/\(process)/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { throw Failure("the memory of \(process) cannot be read: errno \(errno)") }
    }

    func end() { close(memory) }

    /// `7f00-7f10 r--p …`
    private static func range(_ line: Substring) -> Range<UInt>? {
        let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
        return ends.count == 2 ? ends[0]..<ends[1] : nil
    }

    func places(of bytes: [UInt8]) -> [Place] {
        var places: [Place] = []
        for mapping in mappings {
            var content = [UInt8](repeating: 0, count: mapping.range.count)
            let count = pread(memory, &content, content.count, off_t(mapping.range.lowerBound))
            guard count > 0 else { continue }
            content.withUnsafeBytes { content in
                guard let base = content.baseAddress else { return }
                var start = 0
                while start + bytes.count <= count, let first = memchr(base + start, Int32(bytes[0]), count - start - bytes.count + 1) {
                    let offset = UnsafeRawPointer(first) - base
                    if memcmp(first, bytes, bytes.count) == 0 {
                        places.append(Place(address: mapping.range.lowerBound + UInt(offset), mapping: mapping.line, isLocked: mapping.isLocked))
                    }
                    start = offset + 1
                }
            }
        }
        return places
    }
}
