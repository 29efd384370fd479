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
    ],
    targets: [
        // C libraries from Debian: a module map and a shim each, one importer each.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
        .systemLibrary(name: "CLinux"),
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
        room("PhoneNumbers", ["CPhoneNumber"]),
        room("Mail", ["CGMime", "Wire"]),

        // What providers of messages say and want to hear. No I/O.
        .target(
            name: "Messaging", dependencies: ["Wire", "Signing"],
            resources: ["en", "af", "zu", "xh", "st", "tn", "pt", "fr", "hi", "mr", "gu", "id", "de"].map { .embedInCode("Catalogue/\($0).json") },
            swiftSettings: strict),

        // The terminal.
        room("Agent", ["AgentCore", "LockRules", "Wire", "Signing", "Platform", "HTTPClient", "Varlink"]),

        // The back office.
        room("Store", ["Wire", "LockRules"]),
        room("StoreSQLite", ["Store", "CSQLite", "Wire", "LockRules", "Platform", "Signing"]),
        room("BackOffice", ["Store", "LockRules", "Mail", "Messaging", "PhoneNumbers", "Wire", "Signing", "HTTPServer", "HTTPClient", "Platform"]),

        // The programs: parse, compose, run.
        .executableTarget(name: "VendlockAgent", dependencies: ["Agent", "Wire", "Platform"], swiftSettings: strict),
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
        .executableTarget(
            name: "ProviderStandIn", dependencies: ["TestSupport", "Wire", "Platform"], path: "Tests/ProviderStandIn", swiftSettings: strict),
        tests("WireTests", ["Wire", "TestSupport"]),
        tests("SigningTests", ["Signing", "Wire", "TestSupport"]),
        tests("LockRulesTests", ["LockRules", "Wire", "TestSupport"]),
        tests("PlatformTests", ["Platform", "TestSupport"]),
        tests("HTTPClientTests", ["HTTPClient", "Platform", "TestSupport"]),
        tests("HTTPServerTests", ["HTTPServer", "Platform", "TestSupport"]),
        tests("PhoneNumberTests", ["PhoneNumbers", "TestSupport"]),
        tests("MessagingTests", ["Messaging", "Wire", "Signing", "TestSupport"]),
        tests("MailTests", ["Mail", "Wire", "TestSupport"]),
        tests("VarlinkTests", ["Varlink", "Platform", "TestSupport"]),
        .testTarget(
            name: "AgentCoreTests", dependencies: ["AgentCore", "LockRules", "Wire", "TestSupport"], exclude: ["Traces"], swiftSettings: strict),
        tests("AgentTests", ["Agent", "AgentCore", "Wire", "Signing", "Platform", "HTTPClient", "Varlink", "TestSupport"]),
        tests("StoreContractTests", ["Store", "StoreSQLite", "LockRules", "Wire", "Signing", "Platform", "TestSupport"]),
        tests(
            "BackOfficeTests",
            ["BackOffice", "Messaging", "Store", "StoreSQLite", "LockRules", "HTTPServer", "Wire", "Signing", "Platform", "TestSupport"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Wire", "Signing", "Platform", "HTTPClient", "TestSupport"],
            exclude: ["front.py", "half-open.py", "sealed.py"],
            swiftSettings: strict),
        tests("LayoutTests", []),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
