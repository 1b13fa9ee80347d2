#include "agent/manual/mdoc.hpp"

#include "tests/catch.hpp"

namespace ot::agent::manual::test {

TEST_CASE("options, variables, paths, commands and pages are marked up", "[manual]") {
  CHECK(filled("see --store, else") == "see\n.Fl -store ,\nelse\n");
  CHECK(filled("or $XDG_STATE_HOME.") == "or\n.Ev XDG_STATE_HOME .\n");
  CHECK(filled("in $XDG_CONFIG_HOME/rackscout") == "in\n.Pa $XDG_CONFIG_HOME/rackscout\n");
  CHECK(filled("/etc/rackscout for root") == ".Pa /etc/rackscout\nfor root\n");
  CHECK(filled("run `rackscout store forget-sensor NAME` then") ==
        "run\n.Ic rackscout store forget\\-sensor NAME\nthen\n");
  CHECK(filled("`check` ends") == ".Ic check\nends\n");
  CHECK(filled("and size (rackscout.toml(5)).") ==
        "and size\n.No \\&( Ns Xr rackscout.toml 5 ) .\n");
}

TEST_CASE("what a user types in other quotes keeps them", "[manual]") {
  CHECK(filled("`the whole value`, begins*") == "\\(gathe whole value\\(ga, begins*\n");
}

TEST_CASE("each sentence begins a line, and nothing else does", "[manual]") {
  CHECK(filled("One.\nTwo? (Three.) Four") == "One.\nTwo?\n(Three.)\nFour\n");
  CHECK(filled("[from .. to] and addOn. for it") == "[from .. to] and addOn. for it\n");
  CHECK(filled_paragraphs("One\ntwo.\n\nThree.\n") == "One two.\n.Pp\nThree.\n");
  CHECK(filled_paragraphs("").empty());
}

TEST_CASE("nothing in a text is a request of roff", "[manual]") {
  CHECK(filled(".so /etc/passwd") == "\\&.so\n.Pa /etc/passwd\n");
  CHECK(filled("'br a\\nb") == "\\&\\(aqbr a\\enb\n");
  CHECK(displayed(".Ed\na\\b -x 'y' `z`\n") == "\\&.Ed\na\\eb \\-x \\(aqy\\(aq \\(gaz\\(ga\n");
  CHECK(argument("Pa file N") == "\\&Pa file \\&N");
}

TEST_CASE("a line of --help becomes a sentence", "[manual]") {
  CHECK(sentence("The store") == "The store.\n");
  CHECK(sentence("Is it sound?") == "Is it sound?\n");
  CHECK(sentence("").empty());
}

}  // namespace ot::agent::manual::test
