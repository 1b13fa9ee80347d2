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

TEST_CASE("folders with blanks and brackets in front hide no user's name", "[redact]") {
  CHECK(redact(R"(C:\My Data\Users\bob\)") == R"(C:\My Data\Users\<user>\)");
  CHECK(redact(R"(saved in D:\Bob's PC (old), 2\Users\bob\x)") ==
        R"(saved in D:\Bob's PC (old), 2\Users\<user>\x)");
  CHECK(redact(R"(\\server\My Data\Users\bob\x)") == R"(\\server\My Data\Users\<user>\x)");
  CHECK(redact("/mnt/My Data/home/bob/x") == "/mnt/My Data/home/<user>/x");
  CHECK(redact("Line 1 / Plant/home/Page1") == "Line 1 / Plant/home/Page1");
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

TEST_CASE("every free text of a project is redacted, numbers and addresses are not", "[redact]") {
  const std::string path = R"(C:\Users\jdoe\x)";
  const std::string clean = R"(C:\Users\<user>\x)";
  ot::Project project;
  project.project_name = path;
  project.details.push_back({"source", path, {}});
  auto& asset = project.assets.emplace_back();
  asset.name = asset.station = asset.type_id = asset.hardware.product_name = path;
  asset.order_id = path;
  asset.interfaces.push_back({.name = path, .network = path});
  asset.racks.push_back({.name = path});
  asset.add_ons.push_back({.name = path, .type_id = path, .hardware = {.model = path}});
  redact(project);
  for (const auto& text :
       {project.project_name, project.details[0].value, asset.name, asset.station, asset.type_id,
        asset.hardware.product_name, asset.interfaces[0].name, asset.interfaces[0].network,
        asset.racks[0].name, asset.add_ons[0].name, asset.add_ons[0].type_id,
        asset.add_ons[0].hardware.model}) {
    CHECK(text == clean);
  }
  CHECK(asset.order_id == path);
}

TEST_CASE("modules and details of the store are redacted", "[redact]") {
  ot::store::StoredAsset asset;
  asset.shown.path = "/home/jdoe/plant.cfg";
  asset.shown.add_ons.push_back({.record = {.name = "/home/jdoe/x"}});
  redact(asset);
  CHECK(asset.shown.add_ons[0].record.name == "/home/<user>/x");
  CHECK(asset.shown.path == "/home/jdoe/plant.cfg");
  ot::store::StoredFile file;
  file.details.push_back({"source", "/home/jdoe/x", {}});
  redact(file);
  CHECK(file.details[0].value == "/home/<user>/x");
}

TEST_CASE("an error keeps its kind and place when it is redacted", "[redact]") {
  const auto error = ot::agent::redacted(ot::Error(ot::Errc::malformed, "no /home/jdoe/x")
                                             .hint("look at /home/jdoe/y")
                                             .at(ot::Position::line(3)));
  CHECK(error.code() == ot::Errc::malformed);
  CHECK(error.message() == "no /home/<user>/x");
  CHECK(error.hint() == "look at /home/<user>/y");
  CHECK(error.position() == ot::Position::line(3));
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
