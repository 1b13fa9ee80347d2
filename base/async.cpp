// Boost.Asio, compiled here once (BOOST_ASIO_SEPARATE_COMPILATION) and not in each of the many
// files that include it: a quarter of what compiling one of them took.
#include <boost/asio/impl/src.hpp>
