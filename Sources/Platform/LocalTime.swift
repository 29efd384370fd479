private import CLinux

/// The time of day where the machine stands, as people read it: by the system's time zone, or the one in `TZ`.
/// - Source: localtime_r(3), tzset(3)
package enum LocalTime {
    /// `14:05`, and with the date (`2026-11-20 14:05`) when that is another day than `now`'s. Both in Unix milliseconds.
    package static func text(_ moment: Int64, now: Int64) -> String {
        let (then, today) = (parts(moment), parts(now))
        let time = "\(two(then.tm_hour)):\(two(then.tm_min))"
        guard then.tm_year != today.tm_year || then.tm_yday != today.tm_yday else { return time }
        return "\(then.tm_year + 1900)-\(two(then.tm_mon + 1))-\(two(then.tm_mday)) \(time)"
    }

    private static func parts(_ moment: Int64) -> tm {
        var seconds = time_t(moment / 1000)
        var parts = tm()
        // It fails only for years that do not fit an Int32.
        _ = localtime_r(&seconds, &parts)
        return parts
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
