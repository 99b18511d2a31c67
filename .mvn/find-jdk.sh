# Sourced by ./bedload and ./mvnw: sets JAVA_HOME to a JDK 25 or newer, or says what to install and ends with 69.
# Looks at JAVA_HOME, then PATH, then the folders where Linux, macOS and version managers put JDKs.

bedload_jdk_feature() {
  # The major version of the JDK in folder $1, or 0. The release file answers without starting a JVM.
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || { echo 0; return; }
  jdk_version=''
  if [ -r "$1/release" ]; then
    jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$jdk_version" ]; then
    jdk_version=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9][0-9]*\).*/\1/p')
  fi
  echo "${jdk_version:-0}"
}

bedload_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && [ "$(bedload_jdk_feature "$JAVA_HOME")" -ge 25 ]; then
    return 0
  fi
  if jdk_java=$(command -v java 2>/dev/null); then
    # Follow links (/usr/bin/java, /etc/alternatives) to the JDK they end in.
    jdk_real=$(readlink -f "$jdk_java" 2>/dev/null || echo "$jdk_java")
    jdk_home=${jdk_real%/bin/java}
    if [ "$(bedload_jdk_feature "$jdk_home")" -ge 25 ]; then
      JAVA_HOME=$jdk_home
      return 0
    fi
  fi
  for jdk_home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/openjdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.asdf/installs/java/* \
    "${HOME-}"/.local/share/mise/installs/java/*; do
    if [ -d "$jdk_home" ] && [ "$(bedload_jdk_feature "$jdk_home")" -ge 25 ]; then
      JAVA_HOME=$jdk_home
      return 0
    fi
  done
  return 1
}

if ! bedload_find_jdk; then
  echo "bedload needs a JDK 25 or newer and found none in JAVA_HOME, on PATH or in the usual folders: install one (Debian, Ubuntu: apt install openjdk-25-jdk; macOS: brew install openjdk@25; any system: https://adoptium.net) or set JAVA_HOME to it." >&2
  exit 69
fi
export JAVA_HOME
