/** The address of the decoder's script, put in by the build. */
declare const DECODER: string;
