// swift-tools-version: 6.1
import PackageDescription

// Strictness that every target shares. `tools/test` adds `-warnings-as-errors`.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A library target of this package: `Sources/<name>`.
func room(_ name: String, _ uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: strict)
}

/// The tests of one room: `Tests/<name>`.
func tests(_ name: String, _ uses: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: uses, swiftSettings: strict)
}

let package = Package(
    name: "vendlock",
    products: [
        .executable(name: "vendlock-agent", targets: ["VendlockAgent"]),
        .executable(name: "vendlock-server", targets: ["VendlockServer"]),
        // For the demo and the benchmark.
        .executable(name: "provider-stand-in", targets: ["ProviderStandIn"]),
        .executable(name: "simulated-hours", targets: ["SimulatedHours"]),
    ],
    targets: [
        // C libraries from Debian: a module map and a shim each, one importer each.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .systemLibrary(name: "CLinux"),
        // Headers only: the library is loaded when it is asked (Sources/CSystemd/shim.h).
        .systemLibrary(name: "CSystemd", providers: [.apt(["libsystemd-dev"])]),
        // libphonenumber is C++ only and has no pkg-config file: a C face of our own before it.
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),

        // What crosses a process boundary, and the rules. No I/O.
        room("Wire"),
        room("LockRules", ["Wire"]),
        room("AgentCore", ["Wire", "LockRules"]),

        // The world, one library each.
        room("Signing", ["CCrypto", "Wire"]),
        room("Platform", ["CLinux"]),
        room("HTTPClient", ["CCurl", "Platform"]),
        room("HTTPServer", ["CMicroHTTPD", "Platform"]),
        room("Varlink", ["Platform"]),
        room("Modem", ["CSystemd", "Platform", "Wire"]),
        room("PhoneNumbers", ["CPhoneNumber"]),
        room("Mail", ["CGMime", "Wire"]),

        // What providers of messages say and want to hear. No I/O.
        .target(
            name: "Messaging", dependencies: ["Wire", "Signing"],
            resources: ["en", "af", "zu", "xh", "st", "tn", "pt", "fr", "hi", "mr", "gu", "id", "de"].map { .embedInCode("Catalogue/\($0).json") },
            swiftSettings: strict),

        // The terminal.
        room("Agent", ["AgentCore", "LockRules", "Modem", "Wire", "Signing", "Platform", "HTTPClient", "Varlink"]),

        // The back office.
        room("Store", ["Wire", "LockRules"]),
        room("StoreSQLite", ["Store", "CSQLite", "Wire", "LockRules", "Platform", "Signing"]),
        room("BackOffice", ["Store", "LockRules", "Mail", "Messaging", "PhoneNumbers", "Wire", "Signing", "HTTPServer", "HTTPClient", "Platform"]),

        // The programs: parse, compose, run.
        .executableTarget(name: "VendlockAgent", dependencies: ["Agent", "Modem", "Wire", "Platform"], swiftSettings: strict),
        .executableTarget(
            name: "VendlockServer",
            dependencies: [
                "BackOffice", "Messaging", "PhoneNumbers", "StoreSQLite", "Store", "HTTPServer", "HTTPClient", "Wire", "Signing", "Platform",
            ],
            swiftSettings: strict),

        // Tests: one folder per room, then what crosses rooms.
        .target(
            name: "TestSupport", dependencies: ["HTTPServer", "Messaging", "Wire", "Signing", "Platform"], path: "Tests/TestSupport",
            exclude: ["FakeClock.c"], swiftSettings: strict),
        // Needs no more than the core, so that the benchmark builds it for release in a minute.
        .target(
            name: "TerminalSimulation", dependencies: ["AgentCore", "LockRules", "Wire"], path: "Tests/TerminalSimulation", swiftSettings: strict),
        .executableTarget(
            name: "SimulatedHours", dependencies: ["TerminalSimulation"], path: "Tests/SimulatedHours", swiftSettings: strict),
        .executableTarget(
            name: "ProviderStandIn", dependencies: ["TestSupport", "Wire", "Platform"], path: "Tests/ProviderStandIn", swiftSettings: strict),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Agent", "AgentCore", "BackOffice", "HTTPClient", "LockRules", "Mail", "Messaging", "Modem", "PhoneNumbers", "Platform", "Signing",
                "Varlink", "Wire",
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        tests("CorpusTests", ["FuzzTargets"]),
        tests("WireTests", ["Wire", "TestSupport"]),
        tests("SigningTests", ["Signing", "Wire", "TestSupport"]),
        tests("LockRulesTests", ["LockRules", "Wire", "TestSupport"]),
        tests("PlatformTests", ["Platform", "TestSupport"]),
        tests("HTTPClientTests", ["HTTPClient", "Platform", "TestSupport"]),
        tests("HTTPServerTests", ["HTTPServer", "Platform", "TestSupport"]),
        tests("PhoneNumberTests", ["PhoneNumbers", "TestSupport"]),
        tests("MessagingTests", ["Messaging", "Wire", "Signing", "TestSupport"]),
        tests("MailTests", ["Mail", "Wire", "TestSupport"]),
        tests("ModemTests", ["Modem", "Platform", "Wire", "TestSupport"]),
        tests("VarlinkTests", ["Varlink", "Platform", "TestSupport"]),
        .testTarget(
            name: "AgentCoreTests", dependencies: ["AgentCore", "LockRules", "TerminalSimulation", "Wire", "TestSupport"], exclude: ["Traces"],
            swiftSettings: strict),
        tests("AgentTests", ["Agent", "AgentCore", "Modem", "Wire", "Signing", "Platform", "HTTPClient", "Varlink", "TestSupport"]),
        tests("StoreContractTests", ["Store", "StoreSQLite", "LockRules", "Wire", "Signing", "Platform", "TestSupport"]),
        tests(
            "BackOfficeTests",
            ["BackOffice", "Messaging", "Store", "StoreSQLite", "LockRules", "HTTPServer", "Wire", "Signing", "Platform", "TestSupport"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Wire", "Signing", "Platform", "HTTPClient", "TestSupport"],
            exclude: ["front.py", "half-open.py", "modem-manager.py", "no-entropy.py", "sealed.py"]
                + ["door", "line", "namespaces", "stranger"].map { "Networks/\($0).py" },
            swiftSettings: strict),
        tests("LayoutTests", []),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// The program of `tools/fuzz`: it has no `main`, which only libFuzzer brings.
if Context.environment["VENDLOCK_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(name: "VendlockFuzz", dependencies: ["FuzzTargets"], path: "Tests/VendlockFuzz", swiftSettings: strict))
}
