private import CSystemd
package import Platform

/// A connection to the system's D-Bus. Its calls block, until a deadline; for one thread.
/// - Source: sd-bus(3); the address is `DBUS_SYSTEM_BUS_ADDRESS` where that is set.
package final class SystemBus {
    private var library: vendlock_bus_library
    private let bus: OpaquePointer

    /// `absent` when there is no bus, or no library for it.
    package init(deadline: Uptime) throws(ModemError) {
        var library = vendlock_bus_library()
        guard vendlock_bus_load(&library) == 0 else { throw ModemError(.absent, "there is no libsystemd.so.0 to ask ModemManager with") }
        self.library = library
        var bus: OpaquePointer?
        let code = vendlock_bus_open(&library, &bus)
        guard code >= 0, let bus else { throw ModemError(.absent, "there is no system bus to ask ModemManager on: \(Self.text(code))") }
        self.bus = bus
        // Else the first call would wait for a bus that takes the connection and says nothing, whatever its own deadline.
        while vendlock_bus_is_ready(&library, bus) == 0 {
            var code = vendlock_bus_process(&library, bus)
            if code == 0 {
                let left = deadline - Uptime.now()
                guard left > .zero else { throw ModemError(.failed, "the system bus does not answer") }
                code = vendlock_bus_wait(&library, bus, UInt64(max(0, left.nanoseconds / 1000)))
            }
            if code < 0 { throw ModemError(.absent, "the system bus does not take us: \(Self.text(code))") }
        }
    }

    deinit { vendlock_bus_close(&library, bus) }

    /// Calls a method of a service that runs; none is started.
    /// - Parameter arguments: texts, numbers (`u`) and flags.
    /// - Returns: the first value of the answer; an empty list when it has none.
    package func call(
        _ service: String, _ path: String, _ interface: String, _ member: String, _ arguments: [BusValue] = [], deadline: Uptime
    ) throws(ModemError) -> BusValue {
        func check(_ code: Int32) throws(ModemError) {
            if code < 0 { throw ModemError(.failed, "\(member) cannot be asked of \(service): \(Self.text(code))") }
        }
        var made: OpaquePointer?
        try check(vendlock_bus_new_call(&library, bus, &made, service, path, interface, member))
        guard let call = made else { preconditionFailure("a call that was made is there") }
        defer { vendlock_bus_unref(&library, call) }
        for argument in arguments { try check(append(argument, to: call)) }
        var reply: OpaquePointer?
        var name = [CChar](repeating: 0, count: 128)
        let microseconds = max(1, (deadline - Uptime.now()).nanoseconds / 1000)
        let code = vendlock_bus_call(&library, bus, call, UInt64(microseconds), &name, UInt(name.count), &reply)
        defer { if let reply { vendlock_bus_unref(&library, reply) } }
        guard code >= 0, let reply else {
            throw Self.failure(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), code, service, member)
        }
        var reader = BusReader(library: library, message: reply)
        return try reader.value() ?? .list([])
    }

    private func append(_ argument: BusValue, to call: OpaquePointer) -> Int32 {
        switch argument {
        case .text(let text): return text.withCString { vendlock_bus_append(&library, call, CChar(UInt8(ascii: "s")), $0) }
        case .number(let number):
            var value = UInt32(truncatingIfNeeded: number)
            return vendlock_bus_append(&library, call, CChar(UInt8(ascii: "u")), &value)
        case .flag(let flag):
            var value: Int32 = flag ? 1 : 0
            return vendlock_bus_append(&library, call, CChar(UInt8(ascii: "b")), &value)
        case .other, .list, .group: preconditionFailure("ModemManager takes none of these from us")
        }
    }

    private static func failure(_ name: String, _ code: Int32, _ service: String, _ member: String) -> ModemError {
        switch name {
        case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
            ModemError(.absent, "\(service) does not run")
        case "": ModemError(.failed, "\(service) does not answer \(member): \(text(code))")
        default: ModemError(.failed, "\(service) refuses \(member): \(name)")
        }
    }

    private static func text(_ code: Int32) -> String { SystemError.text(of: -code) }
}

/// Reads one message.
private struct BusReader {
    var library: vendlock_bus_library
    let message: OpaquePointer
    /// Deeper than any object of ModemManager's.
    private var depth = 0
    private static let deepest = 24

    init(library: vendlock_bus_library, message: OpaquePointer) {
        self.library = library
        self.message = message
    }

    /// The next value; `nil` at the end of what contains it.
    mutating func value() throws(ModemError) -> BusValue? {
        var type: CChar = 0
        var contents: UnsafePointer<CChar>?
        guard try check(vendlock_bus_peek(&library, message, &type, &contents)) > 0 else { return nil }
        switch UInt8(bitPattern: type) {
        case UInt8(ascii: "s"), UInt8(ascii: "o"), UInt8(ascii: "g"):
            var text: UnsafePointer<CChar>?
            try check(vendlock_bus_read(&library, message, type, &text))
            return .text(text.map { String(cString: $0) } ?? "")
        case UInt8(ascii: "b"):
            // D-Bus sends a boolean as 32 bits, and sd-bus gives it as `int`.
            return .flag(try read(Int32.self, type) != 0)
        case UInt8(ascii: "y"): return .number(Int64(try read(UInt8.self, type)))
        case UInt8(ascii: "n"): return .number(Int64(try read(Int16.self, type)))
        case UInt8(ascii: "q"): return .number(Int64(try read(UInt16.self, type)))
        case UInt8(ascii: "i"): return .number(Int64(try read(Int32.self, type)))
        case UInt8(ascii: "u"): return .number(Int64(try read(UInt32.self, type)))
        case UInt8(ascii: "x"): return .number(try read(Int64.self, type))
        case UInt8(ascii: "t"): return .number(Int64(clamping: try read(UInt64.self, type)))
        case UInt8(ascii: "v"): return try inside(type, contents).first ?? .other
        case UInt8(ascii: "a"): return .list(try inside(type, contents))
        case UInt8(ascii: "r"), UInt8(ascii: "e"): return .group(try inside(type, contents))
        default:
            try check(vendlock_bus_skip(&library, message, nil))
            return .other
        }
    }

    private mutating func inside(_ type: CChar, _ contents: UnsafePointer<CChar>?) throws(ModemError) -> [BusValue] {
        guard depth < Self.deepest else { throw ModemError(.failed, "the answer on the bus nests too deep") }
        depth += 1
        try check(vendlock_bus_enter(&library, message, type, contents))
        var values: [BusValue] = []
        while let value = try value() { values.append(value) }
        try check(vendlock_bus_leave(&library, message))
        depth -= 1
        return values
    }

    private mutating func read<Number: FixedWidthInteger>(_: Number.Type, _ type: CChar) throws(ModemError) -> Number {
        var number: Number = 0
        try check(vendlock_bus_read(&library, message, type, &number))
        return number
    }

    @discardableResult
    private func check(_ code: Int32) throws(ModemError) -> Int32 {
        guard code >= 0 else { throw ModemError(.failed, "an answer on the bus cannot be read: \(SystemError.text(of: -code))") }
        return code
    }
}
