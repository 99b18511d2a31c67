package bedload.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where resource types come from: every YAML file of a folder, without a list to keep beside. */
public final class ResourceTypes {
  private static final String FOLDER = "catalog";

  private ResourceTypes() {}

  /**
   * Returns the types that come with the program, ordered by table.
   *
   * @throws SchemaFileException if one of the files cannot be used
   */
  public static List<ResourceType> builtIn() {
    List<ResourceType> types = of(ResourceTypes.class.getClassLoader());
    if (types.isEmpty()) {
      throw new IllegalStateException("The program lacks its folder of schema files: " + FOLDER);
    }
    return types;
  }

  /** Returns the types that a class loader sees, from folders and from jars. */
  static List<ResourceType> of(ClassLoader loader) {
    try {
      List<ResourceType> types = new ArrayList<>();
      for (URL folder : Collections.list(loader.getResources(FOLDER))) {
        types.addAll(read(folder.toURI()));
      }
      return ordered(types);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the types of a folder, ordered by table.
   *
   * @throws SchemaFileException if one of the files cannot be used
   */
  public static List<ResourceType> in(Path folder) {
    List<ResourceType> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(ResourceTypes::isSchemaFile).sorted().toList()) {
        types.add(read(FOLDER + "/" + file.getFileName(), Files.readString(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ordered(types);
  }

  /**
   * Returns the type of one file's text.
   *
   * @param file its name, for errors
   * @throws SchemaFileException if the text cannot be used
   */
  public static ResourceType read(String file, String text) {
    return ResourceTypeReader.read(file, text);
  }

  private static List<ResourceType> read(URI folder) throws IOException {
    if (!folder.getScheme().equals("jar")) {
      return in(Path.of(folder));
    }
    try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
      return in(jar.getPath(FOLDER));
    }
  }

  private static List<ResourceType> ordered(List<ResourceType> types) {
    return types.stream().sorted(Comparator.comparing(ResourceType::table)).toList();
  }

  private static boolean isSchemaFile(Path file) {
    return file.getFileName().toString().endsWith(".yaml");
  }
}
