/// The kernel's random name for this boot: another one means that leases of before are void.
/// - Source: random(4)
package enum BootID {
    package static func read() throws(SystemError) -> String {
        let bytes = try File.read("/proc/sys/kernel/random/boot_id", limit: 64)
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }
}
