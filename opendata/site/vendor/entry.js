// What pages take from the vendored libraries: columns of a Parquet file written by `opendata.data.write_parquet`.
import { decompress } from "fzstd";
import { asyncBufferFromUrl, parquetMetadataAsync, parquetRead } from "hyparquet";

const compressors = { ZSTD: (input, length) => decompress(input, new Uint8Array(length)) };

/** A file on the server, read in ranges; whole where the server knows no ranges. */
export const remote = (url, byteLength) => asyncBufferFromUrl({ url, byteLength });

/** Call `each(name, values, first)` with the pieces of some columns, in any order; gives the number of rows. */
export async function read(file, columns, each) {
  const metadata = await parquetMetadataAsync(file);
  const onChunk = ({ columnName, columnData, rowStart }) => each(columnName, columnData, rowStart);
  await parquetRead({ file, metadata, columns, compressors, onChunk });
  return Number(metadata.num_rows);
}
