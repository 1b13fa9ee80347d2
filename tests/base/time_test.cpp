#include "base/system_time.hpp"

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>

#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot {
namespace {

Time at(std::int64_t milliseconds) {
  return Time{std::chrono::milliseconds{milliseconds}};
}

/// The time zone, as TZ says it, while a test runs.
class Zone {
 public:
  explicit Zone(const char* name) : before_(std::getenv("TZ") == nullptr ? "" : std::getenv("TZ")) {
    set(name);
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() { set(before_.c_str()); }

 private:
  static void set(const char* name) {
    *name == '\0' ? ::unsetenv("TZ") : ::setenv("TZ", name, 1);
    ::tzset();
  }

  std::string before_;
};

std::string local(const char* time) {
  const auto shown = local_time(*parse_iso8601(time)).time_since_epoch();
  return iso8601(Time{shown});
}

TEST_CASE("times are written with milliseconds and in UTC", "[time]") {
  CHECK(iso8601(at(1'678'359'975'351)) == "2023-03-09T11:06:15.351Z");
  CHECK(iso8601(at(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(iso8601(at(1'709'164'800'007)) == "2024-02-29T00:00:00.007Z");
  CHECK(iso8601(at(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("times that four digits of a year can't say become the nearest that can", "[time]") {
  CHECK(iso8601(at(253'402'300'800'000)) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(at(std::numeric_limits<std::int64_t>::max())) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(at(std::numeric_limits<std::int64_t>::min())) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("what was written is read back", "[time]") {
  const auto time = at(GENERATE(as<std::int64_t>{}, 1'678'359'975'351, 0, -1, 951'782'399'999,
                                253'402'300'799'999, -62'167'219'200'000));
  CHECK(parse_iso8601(iso8601(time)) == time);
}

TEST_CASE("the time of day and the fraction of a second may be missing", "[time]") {
  CHECK(parse_iso8601("2023-03-09") == at(1'678'320'000'000));
  CHECK(parse_iso8601("2023-03-09T11:06:15Z") == at(1'678'359'975'000));
}

TEST_CASE("a fraction counts from its first digit, and what is below a millisecond is cut off",
          "[time]") {
  CHECK(parse_iso8601("2023-03-09T11:06:15.3Z") == at(1'678'359'975'300));
  CHECK(parse_iso8601("2023-03-09T11:06:15.35Z") == at(1'678'359'975'350));
  CHECK(parse_iso8601("2023-03-09T11:06:15.3519999999999999Z") == at(1'678'359'975'351));
}

TEST_CASE("no other notation is read as a time", "[time]") {
  const auto text =
      GENERATE(as<std::string_view>{}, "", "2023", "2023-3-9", "20230309", "2023-02-29",
               "2023-13-01", "2023-00-01", "2023-03-00", "2023-03-32", " 2023-03-09", "2023-03-09 ",
               "+023-03-09", "-023-03-09", "2023-+3-09", "2023-03-09T", "2023-03-09Z",
               "2023-03-09 11:06:15Z", "2023-03-09T11:06Z", "2023-03-09T11:06:15",
               "2023-03-09T11:06:15.Z", "2023-03-09T11:06:15z", "2023-03-09T24:00:00Z",
               "2023-03-09T11:60:00Z", "2023-03-09T11:06:60Z", "2023-03-09T-0:06:15Z",
               "2023-03-09T11:-0:15Z", "2023-03-09T11:06:15+01:00", "2023-03-09T11:06:15.351Zx");
  CAPTURE(text);
  CHECK_FALSE(parse_iso8601(text).has_value());
}

TEST_CASE("the clock shows a time after this was written", "[time]") {
  CHECK(now() > parse_iso8601("2024-01-01"));
}

TEST_CASE("times after 2038 are like any other", "[time][2038]") {
  STATIC_REQUIRE(sizeof(std::time_t) == 8);
  CHECK(iso8601(at(2'147'483'647'999) + std::chrono::milliseconds(1)) ==
        "2038-01-19T03:14:08.000Z");
  CHECK(parse_iso8601("2106-02-07T06:28:16Z") == at(4'294'967'296'000));
}

TEST_CASE("a clock on the wall follows the rules of its zone, after 2038 as before",
          "[time][2038]") {
  const Zone vienna("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(local("2026-01-15T12:00:00Z") == "2026-01-15T13:00:00.000Z");
  CHECK(local("2026-07-15T12:00:00.9Z") == "2026-07-15T14:00:00.000Z");
  CHECK(local("2040-01-15T12:00:00Z") == "2040-01-15T13:00:00.000Z");
  CHECK(local("2040-07-15T12:00:00Z") == "2040-07-15T14:00:00.000Z");
}

TEST_CASE("what nanoseconds can't say of a file becomes the nearest that they can",
          "[time][2038]") {
  const auto nanoseconds = [](std::int64_t seconds) {
    timespec time{};
    time.tv_sec = seconds;
    time.tv_nsec = 5;
    return file_nanoseconds(time);
  };
  CHECK(nanoseconds(0) == 5);
  CHECK(nanoseconds(-1) == -999'999'995);
  CHECK(nanoseconds(4'294'967'296) == 4'294'967'296'000'000'005);
  CHECK(nanoseconds(std::numeric_limits<std::int64_t>::max()) > 9'000'000'000'000'000'000);
  CHECK(nanoseconds(std::numeric_limits<std::int64_t>::min()) < -9'000'000'000'000'000'000);
}

TEST_CASE("libraries tell files and folders of 2040 apart", "[time][2038]") {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "file";
  std::ofstream(file) << "four";
  timespec time{};
  time.tv_sec = 2'220'000'000;
  const std::array<timespec, 2> times{time, time};
  for (const auto& path : {file, folder.path()}) {
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0) == 0);
  }
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK(file_nanoseconds(status.st_mtim) == 2'220'000'000'000'000'000);
  std::error_code failed;
  CHECK(std::filesystem::is_regular_file(file, failed));
  CHECK(std::filesystem::file_size(file, failed) == 4);
  CHECK(std::filesystem::is_directory(folder.path(), failed));
  CHECK(std::filesystem::canonical(file, failed).filename() == "file");
}

}  // namespace
}  // namespace ot
