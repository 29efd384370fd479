import Glibc
import Synchronization
import Wire

/// Identifiers as providers make them: never the same twice on this machine, also after a restart.
enum Identifiers {
    private static let last = Atomic<Int>(0)

    private static func parts() -> (process: Int, number: Int) { (Int(getpid()), last.wrappingAdd(1, ordering: .relaxed).newValue) }

    /// WhatsApp's message identifiers.
    static func wamid() -> String {
        let (process, number) = parts()
        return "wamid." + Base64URL.encode("\(process).\(number).\(wallSeconds())".utf8)
    }

    /// 32 hexadecimal digits.
    static func hex() -> String {
        let (process, number) = parts()
        let time = UInt64(wallSeconds() * 1000)
        return padded(time, 12) + padded(UInt64(process), 8) + padded(UInt64(number), 12)
    }

    /// In the form of a UUID.
    static func uuid() -> String {
        let digits = Array(hex())
        let pieces = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return pieces.map { String($0) }.joined(separator: "-")
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number, radix: 16).suffix(width)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
