#include "agent/redact.hpp"

#include "tests/catch.hpp"

using ot::agent::redact;

TEST_CASE("a user's name in a Windows path is redacted", "[redact]") {
  CHECK(redact(R"(C:\Users\jdoe\plant\AS01.s7p)") == R"(C:\Users\<user>\plant\AS01.s7p)");
  CHECK(redact(R"(c:\users\John Doe\x)") == R"(c:\users\<user>\x)");
  CHECK(redact(R"(C:\Documents and Settings\Müller\x)") == R"(C:\Documents and Settings\<user>\x)");
  CHECK(redact(R"(C:\Dokumente und Einstellungen\Müller)") ==
        R"(C:\Dokumente und Einstellungen\<user>)");
  CHECK(redact(R"(C:\DOCUME~1\jdoe\LOCALS~1)") == R"(C:\DOCUME~1\<user>\LOCALS~1)");
  CHECK(redact("C:/Users/John Doe/x") == "C:/Users/<user>/x");
  CHECK(redact(R"(C:\\Users\\jdoe\\x)") == R"(C:\\Users\\<user>\\x)");
  CHECK(redact(R"(D:\Backup\Users\jdoe\x)") == R"(D:\Backup\Users\<user>\x)");
}

TEST_CASE("a user's name in a Unix path is redacted", "[redact]") {
  CHECK(redact("/home/jdoe/plant.scd") == "/home/<user>/plant.scd");
  CHECK(redact("/Users/jdoe") == "/Users/<user>");
  CHECK(redact("file:///home/jdoe/x") == "file:///home/<user>/x");
  CHECK(redact("see /home/jdoe or /home/mary") == "see /home/<user> or /home/<user>");
}

TEST_CASE("a user's name on a file server is redacted", "[redact]") {
  CHECK(redact(R"(\\server\home\jdoe\x)") == R"(\\server\home\<user>\x)");
  CHECK(redact(R"(\\server\Users\jdoe)") == R"(\\server\Users\<user>)");
}

TEST_CASE("every path of a text is redacted", "[redact]") {
  CHECK(redact(R"("C:\Users\a\x", "C:\Users\b\y")") ==
        R"("C:\Users\<user>\x", "C:\Users\<user>\y")");
}

TEST_CASE("a name at the end of a quoted path ends at the quote", "[redact]") {
  CHECK(redact(R"(template "C:\Users\jdoe" is missing)") ==
        R"(template "C:\Users\<user>" is missing)");
}

TEST_CASE("what is nobody's name stays", "[redact]") {
  for (const auto* text : {R"(C:\Users\Public\x)", R"(C:\Users)", R"(C:\Users\)", "/home", "/home/",
                           R"(C:\Program Files\Siemens)", "Plant/home/Page1", "users/jdoe",
                           "no path at all", "", "\\", "/"}) {
    CHECK(redact(text) == text);
  }
}

TEST_CASE("redacting twice changes nothing more", "[redact]") {
  const auto once = redact(R"(C:\Users\jdoe\x)");
  CHECK(redact(once) == once);
}

TEST_CASE("details and warnings of a project are redacted", "[redact]") {
  ot::Project project;
  project.warnings.push_back({R"(no C:\Users\jdoe\x)", {}});
  project.assets.resize(1);
  project.assets[0].details.push_back({"source", "/home/jdoe/x", ot::Confidence::confirmed});
  redact(project);
  CHECK(project.warnings[0].message == R"(no C:\Users\<user>\x)");
  CHECK(project.assets[0].details[0].value == "/home/<user>/x");
}

TEST_CASE("the path of the file itself is not redacted", "[redact]") {
  ot::store::StoredFile file;
  file.path = "/home/jdoe/plant.cfg";
  file.error = "can't open /home/jdoe/x";
  redact(file);
  CHECK(file.path == "/home/jdoe/plant.cfg");
  CHECK(file.error == "can't open /home/<user>/x");
}
