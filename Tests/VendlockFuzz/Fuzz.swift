import FuzzTargets
import Glibc

/// What libFuzzer calls: one target of `FuzzTarget.all`, named by the environment.
private enum Chosen {
    nonisolated(unsafe) static let check: FuzzTarget.Check = {
        let name = getenv("VENDLOCK_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            fatalError("VENDLOCK_FUZZ_TARGET is '\(name)' and must be one of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
        }
        do { return try target.begin() } catch { fatalError("\(name) cannot begin: \(error)") }
    }()
}

/// - Source: LLVM, "libFuzzer", fuzz target
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try Chosen.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}

/// Before the first input, so that what a target needs at its beginning is not taken for the input's.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>>>)
    -> CInt
{
    _ = Chosen.check
    return 0
}
