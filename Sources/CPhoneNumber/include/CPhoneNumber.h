#pragma once

// No exception of the library may cross into Swift.
#ifdef __cplusplus
#define VENDLOCK_NOEXCEPT noexcept
extern "C" {
#else
#define VENDLOCK_NOEXCEPT
#endif

/// What the library makes of a text.
struct vendlock_phone_reading {
    /// `+`, country code, national number, a final zero.
    char e164[20];
    /// Whether the library knows the range: the metadata of Debian 12 (8.12.57) does not know those that Zambia has given out since.
    int is_known_range;
    /// Whether mobile telephones have numbers of the range; never without `is_known_range`.
    int is_mobile_range;
    /// Whether the national number is as long as the country's usual mobile number.
    int has_mobile_length;
};

/// Reads ASCII digits with or without `+` in front. `region`: two letters for national numbers, "ZZ" for none.
/// `with_likelihood` 0 leaves all but `e164` alone: the ranges take most of the library's time.
/// Returns 0, or the library's PhoneNumberUtil::ErrorType, or -1 for a number that no telephone of its country has: too short, too long,
/// complete only within one town, or with an extension.
int vendlock_phone_read(const char *digits, const char *region, int with_likelihood, struct vendlock_phone_reading *reading) VENDLOCK_NOEXCEPT;

/// Whether the library knows the region: two capital letters such as "ZA".
int vendlock_phone_knows_region(const char *region) VENDLOCK_NOEXCEPT;

#ifdef __cplusplus
}
#endif
