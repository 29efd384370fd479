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
        for line in try String(contentsOfFile: "/proc/\(process)/smaps", encoding: .utf8).split(separator: "\n") {
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
            let data = Data(content[..<count])
            var start = 0
            while let hit = data.range(of: Data(bytes), in: start..<count) {
                places.append(
                    Place(address: mapping.range.lowerBound + UInt(hit.lowerBound), mapping: mapping.line, isLocked: mapping.isLocked))
                start = hit.lowerBound + 1
            }
        }
        return places
    }
}
